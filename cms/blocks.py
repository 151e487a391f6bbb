"""Neutral pieces of an editor's page; pieces that show programme, booths or memoranda live in ``forum.home``."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

TEXT_FEATURES = ["h3", "bold", "italic", "link", "ol", "ul", "hr"]


class FactBlock(blocks.StructBlock):
    term = blocks.CharBlock(label=_("Term"))
    text = blocks.RichTextBlock(label=_("Text"), features=["bold", "italic", "link"])


class NoticeBlock(blocks.StructBlock):
    kind = blocks.ChoiceBlock(
        label=_("Kind"),
        choices=[("", _("Information")), ("notice--ok", _("Good news")), ("notice--warn", _("Warning"))],
        required=False,
    )
    text = blocks.RichTextBlock(label=_("Text"), features=["bold", "italic", "link"])


class CardBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"))
    text = blocks.TextBlock(label=_("Text"), required=False)
    page = blocks.PageChooserBlock(label=_("Page"), required=False)
    address = blocks.URLBlock(label=_("or address"), required=False)


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(label=_("Question"))
    answer = blocks.RichTextBlock(label=_("Answer"), features=TEXT_FEATURES)


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Text"))
    source = blocks.CharBlock(label=_("Said or written by"), required=False)


class BodyBlock(blocks.StreamBlock):
    """What an editor puts together."""

    heading = blocks.CharBlock(label=_("Heading"), icon="title", template="cms/blocks/heading.html")
    text = blocks.RichTextBlock(label=_("Text"), features=TEXT_FEATURES, template="cms/blocks/text.html")
    facts = blocks.ListBlock(FactBlock(), label=_("Facts"), icon="list-ul", template="cms/blocks/facts.html")
    notice = NoticeBlock(label=_("Notice"), icon="warning", template="cms/blocks/notice.html")
    cards = blocks.ListBlock(CardBlock(), label=_("Cards"), icon="grip", template="cms/blocks/cards.html")
    questions = blocks.ListBlock(
        QuestionBlock(), label=_("Questions and answers"), icon="help", template="cms/blocks/questions.html"
    )
    quote = QuoteBlock(label=_("Quotation"), icon="openquote", template="cms/blocks/quote.html")
    image = ImageBlock(label=_("Picture"), template="cms/blocks/image.html")
