"""The warning on the first page of the back office that mail stands."""

from wagtail.admin.ui.components import Component

from cms import delivering


class MailStands(Component):
    order = 10
    template_name = "cms/back_office/mail_stands.html"

    def __init__(self, queue):
        self.queue = queue

    def get_context_data(self, parent_context):
        return {"queue": self.queue, "minutes": int(delivering.LATE.total_seconds() // 60)}


def warning(user) -> list[Component]:
    """To those who may look after it, when there is anything to look after."""
    if not user.has_perm("post_office.view_email"):
        return []
    queue = delivering.queue()
    return [MailStands(queue)] if queue.stands else []
