"""What a page may ask the browser for, beside what it may load: nothing; the camera on the pages that scan."""

HEADER = "Permissions-Policy"
NOTHING = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
CAMERA = NOTHING.replace("camera=()", "camera=(self)")
