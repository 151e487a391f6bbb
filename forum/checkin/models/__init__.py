"""Gates, the devices at them, every scan, and what holds for one person alone."""

from forum.checkin.models.devices import Device, DeviceVisit, Pin, Shift
from forum.checkin.models.exceptions import PassException
from forum.checkin.models.gates import Gate, Way
from forum.checkin.models.scans import Scan

__all__ = ["Device", "DeviceVisit", "Gate", "PassException", "Pin", "Scan", "Shift", "Way"]
