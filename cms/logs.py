"""What must not stand in a log: the tokens in addresses, which open what they name to whoever reads them."""

import logging
import re

TOKEN = re.compile(r"(/(?:registration|invitation|password/reset/key|confirm-email)/)[^/\s\"']+")


class WithoutTokens(logging.Filter):
    """Writes an ellipsis where an address carries a token."""

    def filter(self, record):
        written = record.getMessage()
        if (safe := TOKEN.sub(r"\1…", written)) != written:
            record.msg, record.args = safe, None
        return True
