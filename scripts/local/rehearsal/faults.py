"""Everything that can go wrong on a host, each tried for real, with the end that it has to come to."""

from local.rehearsal import faults_alarm, faults_disk, faults_host, faults_release

FAULTS = (*faults_release.FAULTS, *faults_alarm.FAULTS, *faults_host.FAULTS, *faults_disk.FAULTS)
