"""Everything that can go wrong on a host, each tried for real, with the end that it has to come to."""

from tests.rehearsals.faults import alarm, disk, host, release

FAULTS = (*release.FAULTS, *alarm.FAULTS, *host.FAULTS, *disk.FAULTS)
