"""Mandatory access control: what SELinux and AppArmor refuse although the modes allow."""
