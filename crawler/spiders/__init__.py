"""Spiders by mechanism."""

from crawler.spiders.base import SourceSpider
from crawler.spiders.cac import CacSpider
from crawler.spiders.column import ColumnSpider
from crawler.spiders.govcn import GovcnSpider
from crawler.spiders.jpaas import JpaasSpider
from crawler.spiders.pages import PagesSpider
from crawler.spiders.trs import TrsSpider
from kb.sources import Mechanism

SPIDERS: dict[Mechanism, type[SourceSpider]] = {
    Mechanism.COLUMN: ColumnSpider,
    Mechanism.JPAAS: JpaasSpider,
    Mechanism.TRS: TrsSpider,
    Mechanism.CAC: CacSpider,
    Mechanism.GOVCN: GovcnSpider,
    Mechanism.PAGES: PagesSpider,
    Mechanism.WECHAT: PagesSpider,  # an open community document is a named page; kb.reading knows its shape
}
