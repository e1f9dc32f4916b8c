"""Everything that can go wrong with a release, each tried for real, with the end that it has to come to."""

from tests.rehearsals.faults import alarm, build, disk, host, release

FAULTS = (*build.FAULTS, *release.FAULTS, *alarm.FAULTS, *host.FAULTS, *disk.FAULTS)
