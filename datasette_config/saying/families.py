"""The families of licence types in the reader's language. Pure."""

from __future__ import annotations

from datasette_config.language import gettext as _
from kb.licences import Group


def family_names() -> dict[Group, str]:
    """In the order in which they are shown everywhere."""
    return {
        Group.AI: _("算法与人工智能"),
        Group.TELECOM: _("电信业务"),
        Group.CONTENT: _("文化、出版、广电、新闻、宗教"),
        Group.DATA: _("数据、人脸、未成年人"),
        Group.SECURITY: _("公安与安全评估"),
        Group.HEALTH: _("健康"),
        Group.OTHER: _("支付与人力资源"),
        Group.PLATFORM: _("平台规则（不是法律）"),
    }
