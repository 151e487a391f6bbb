"""How rows that only acts may make or change appear in the back office."""

from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet


class NarrowedPolicy(ModelPermissionPolicy):
    """Django's model permissions, less the actions that nobody has here, superusers included."""

    def __init__(self, model, without: frozenset[str]):
        super().__init__(model)
        self.without = without

    def user_has_permission(self, user, action):
        return action not in self.without and super().user_has_permission(user, action)


class FoldedSearch(IndexView):
    """A list searched as the public search is: in both scripts, words in any order."""

    is_searchable = True

    def search_queryset(self, queryset):
        return queryset.matching(self.search_query) if self.is_searching else queryset


class MadeByActs(SnippetViewSet):
    """Rows that come and go through their acts alone: the back office may correct what was typed."""

    without = frozenset({"add", "delete"})
    copy_view_enabled = False

    def on_register(self):
        register_permission_policy(self.model, NarrowedPolicy(self.model, self.without))
        super().on_register()


class ReadOnly(MadeByActs):
    """Records of what happened."""

    without = frozenset({"add", "change", "delete"})
    inspect_view_enabled = True
