"""Every paper that the forum issues to somebody, and how a stranger checks one."""
