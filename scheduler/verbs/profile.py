"""收: profile — what a service is, and which licence types concern it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kb.config import DataDirectory, SystemClock
from kb.errors import ProfileError, UsageError
from kb.terminal import Map, Verb, note, option, print_line, say, tr
from kb.verbs.options import data_option, json_option, licence_name
from scheduler.verbs.channels import Sending, channel_for, lacking, name_of, sending_options
from scheduler.verbs.receive import local_rules, open_ops, region_option, regions_named, subscription_line

if TYPE_CHECKING:
    from kb.profiles import Profile
    from scheduler.ops import EmailSettings, Ops, WebhookSettings

answer_option = option(
    "--answer",
    "said",
    multiple=True,
    metavar="KEY=VALUE",
    zh="一个回答，如 form=网站,微信小程序 或 收费=paid；KEY+= 为追加，KEY= 为撤回（可多次）。各问题和选项：zhengce profile questions",
    en="an answer such as form=website,wechat; KEY+= adds, KEY= takes back (repeatable); see zhengce profile questions",
)


@click.group(
    "profile",
    cls=Map,
    section="收",
    zh="业务画像：您的服务通常、有时、一般不涉及哪些事项\n\n问题与规则见 docs/profiles.md。"
    "一份画像是数据目录 profiles/ 里的一个文件，一个客户一份。结果供参考，不是法律意见。",
    en="Service profiles: which licence types usually, sometimes and rarely concern a service\n\n"
    "One file a service or client in profiles/. Guidance, not legal advice. Questions and rules: docs/profiles.md.",
)
def profile() -> None:
    pass


def parsed_answers(said: Iterable[str]) -> dict[str, str]:
    """``KEY=VALUE`` each, by the ids of the questions; what is added several times is added all. Raises ``UsageError``."""
    from kb.profiles.questions import question_named

    found: dict[str, str] = {}
    for each in said:
        key, sign, value = each.partition("=")
        key = key.strip()
        if not sign or not key:
            raise UsageError(f"不是 KEY=VALUE：{each}", do="例如 --answer form=网站 --answer charge=paid")
        key = question_named(key.removesuffix("+")).id + ("+" if key.endswith("+") else "")
        if key in found and not key.endswith("+"):
            raise UsageError(f"{key} 写了两次", do=f"几个答案写在一起：--answer {key}={found[key]},{value}")
        found[key] = f"{found[key]},{value}" if key in found else value
    return found


@profile.command(
    "new",
    cls=Verb,
    zh="新建一份画像：在终端回答几个问题，都可以跳过\n\nNAME 是画像名称，不写为 main。"
    "用 --answer 或 --from 时不再提问；问题和选项见 zhengce profile questions。",
    en="Make a profile: a few questions, all of them skippable\n\nNAME is main when left out. With --answer or --from nothing is asked; zhengce profile questions lists keys and choices.",
)
@click.argument("name", metavar="[NAME]", required=False)
@data_option
@answer_option
@option(
    "--from",
    "source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    zh="以这个画像文件的回答为底；名称和说明不取它的",
    en="start from the answers of this profile file, not from its name and note",
)
@option("--title", default="", zh="服务或客户的全称", en="full name of the service or client")
@option("--note", "remark", default="", zh="说明", en="a remark")
@option("--replace", is_flag=True, zh="改掉同名的画像", en="replace one of the same name")
@json_option
def new(
    *,
    name: str | None,
    data: DataDirectory,
    said: tuple[str, ...],
    source: Path | None,
    title: str,
    remark: str,
    replace: bool,
    as_json: bool,
) -> int:
    from kb.profiles import Profile, load, readable
    from scheduler.profiles import FIRST, checked_name, file_of, keep, with_answers
    from scheduler.verbs.asking import asked

    name = checked_name(name or FIRST)
    file = file_of(data, name)
    if file.exists() and not replace:  # before anybody answers eighteen questions
        raise ProfileError(f"已有业务画像 {name}", where=str(file), do="要改掉请加 --replace，或换一个名称")
    start = source or (file if file.exists() and not said else None)
    made = load(start) if start else Profile(name=name)
    if source is not None:  # another's answers; name and remark are that client's own
        made = Profile(name=name, answers=made.answers)
    made = made.model_copy(update={"name": title or made.name, "note": remark or made.note})
    made = readable(made, where=name)  # before anybody answers eighteen questions, too
    if said:
        made = with_answers(made, parsed_answers(said))
    elif source is None:
        made = asked(made)
    if not made.answers:
        raise ProfileError("没有任何回答，没有保存", do="问题和选项：zhengce profile questions")
    keep(data, name, made, replace=replace)
    return _show(data, name, made, as_json=as_json)


@profile.command(
    "questions",
    cls=Verb,
    zh="全部问题和选项：写 --answer KEY=VALUE 时用的词\n\nKEY 是问题的编号或简称（如 收费），写了只列这一个。VALUE 是选项的编号、名称，或列出的序号。",
    en="All questions and choices: the words of --answer KEY=VALUE\n\nKEY is the id of one question. VALUE is a choice's id, name or number.",
)
@click.argument("key", metavar="[KEY]", required=False)
@json_option
def questions_(*, key: str | None, as_json: bool) -> int:
    from kb.profiles import questions
    from kb.profiles.questions import question_named
    from scheduler.verbs.advising import question_line, say_question

    for question in [question_named(key)] if key else questions().values():
        print_line(question_line(question)) if as_json else say_question(question)
    return 0


@profile.command("show", cls=Verb, zh="一份画像涉及的事项、理由和依据", en="What concerns a profile, and why")
@click.argument("name", metavar="NAME")
@data_option
@json_option
def show(*, name: str, data: DataDirectory, as_json: bool) -> int:
    from scheduler.profiles import profile_named

    return _show(data, name, profile_named(data, name), as_json=as_json)


def _show(data: DataDirectory, name: str, made: Profile, *, as_json: bool) -> int:
    from scheduler.following import pending
    from scheduler.profiles import file_of, subscribed, subscription_id
    from scheduler.verbs.advising import profile_line, say_profile

    held = subscribed(data).get(subscription_id(name))
    subscription = held.id if held else ""
    if as_json:
        print_line(profile_line(name, made, subscription=subscription))
        return 0
    say_profile(name, made, subscription=subscription, file=str(file_of(data, name)))
    if held and (later := pending(held, name, made)):
        say(tr(f"下一次巡查时订阅随画像更新：{later}", f"the subscription follows at the next step: {later}"))
    return 0


@profile.command("list", cls=Verb, zh="列出全部画像", en="All profiles")
@data_option
@json_option
def list_(*, data: DataDirectory, as_json: bool) -> int:
    from kb.profiles import Likelihood, assess
    from scheduler.profiles import all_profiles, subscribed, subscription_id
    from scheduler.verbs.advising import likelihood_name, note_faults, profile_line

    held, active = all_profiles(data), subscribed(data)
    for name, made in held.profiles.items():
        number = subscription_id(name) if subscription_id(name) in active else ""
        if as_json:
            print_line(profile_line(name, made, subscription=number))
            continue
        said = [each.likelihood for each in assess(made)]
        counts = [f"{likelihood_name(each)} {said.count(each)}" for each in list(Likelihood)[:2]]
        state = tr("已订阅", "subscribed") if number else tr("未订阅", "not subscribed")
        title = made.name if made.name != name else ""
        say("　".join(filter(None, (name, title, made.province, *counts, state))))
    if not held.profiles and not held.faults and not as_json:
        say(tr("还没有业务画像。zhengce profile new 可新建。", "no profile yet: zhengce profile new"))
    return note_faults(held.faults)


@profile.command(
    "remove",
    cls=Verb,
    zh="删去一份画像（先停止它的订阅）",
    en="Remove a profile (end its subscription first)",
)
@click.argument("name", metavar="NAME")
@data_option
def remove(*, name: str, data: DataDirectory) -> int:
    from scheduler.profiles import file_of, profile_named, subscribed, subscription_id

    profile_named(data, name)
    number = subscription_id(name)
    if number in subscribed(data):
        raise ProfileError(
            f"业务画像 {name} 还有订阅", where=number, do=f"先停止：zhengce subscribe --end {number}"
        )
    file_of(data, name).unlink()
    say(tr(f"已删去　{name}", f"removed: {name}"))
    return 0


@profile.command(
    "diff",
    cls=Verb,
    zh="新的业务带来什么、去掉什么\n\nNEW 是另一份画像或画像文件；也可以用 --answer 在 NAME 上改几个回答再比，不写入文件。",
    en="What a new line of business adds and drops\n\nNEW is another profile or a profile file; or change answers of NAME with --answer. Nothing is written.",
)
@click.argument("name", metavar="NAME")
@click.argument("other", metavar="[NEW]", required=False)
@data_option
@answer_option
@json_option
def diff(*, name: str, other: str | None, data: DataDirectory, said: tuple[str, ...], as_json: bool) -> int:
    from kb.profiles import compare, load
    from scheduler.profiles import profile_named, with_answers
    from scheduler.verbs.advising import difference_line, say_difference

    if not other and not said:
        raise UsageError("没有说和什么比", do="例如 zhengce profile diff main --answer output+=音乐")
    before = profile_named(data, name)
    after = before
    if other:
        after = load(Path(other)) if Path(other).is_file() else profile_named(data, other)
    after = with_answers(after, parsed_answers(said))
    label = " ".join(filter(None, (other or name, *said)))
    found = compare(before, after)
    if as_json:
        print_line(difference_line(name, label, found))
    else:
        say_difference(name, label, found)
    return 0


@profile.command(
    "subscribe",
    cls=Verb,
    zh="按画像订阅：通常和有时涉及的事项，加上省份\n\n以后画像文件改了，订阅在下一次巡查时跟着更新；再执行一次只改投递方式、省份等，不必再写 --to。",
    en="Subscribe to what usually and sometimes concerns a profile\n\nThe subscription follows the file at every step from then on; run it again to change how it is sent.",
)
@click.argument("name", metavar="NAME")
@data_option
@option(
    "--to",
    "where",
    zh="发到哪里：邮箱、webhook 网址或投递方式编号",
    en="e-mail, webhook address or channel id",
)
@region_option
@option("--digest", type=click.Choice(["daily", "weekly", "none"]), zh="日报、周报或不发", en="digest")
@sending_options
@json_option
def subscribe(
    *,
    name: str,
    data: DataDirectory,
    where: str | None,
    regions: tuple[str, ...],
    digest: str | None,
    as_json: bool,
    **sending: Any,
) -> int:
    from scheduler.profiles import profile_named, watched
    from scheduler.profiles import subscribe as put

    made, regions = profile_named(data, name), regions_named(regions)
    watched(name, made)  # before anything is written
    with open_ops(data) as ops:
        channels = (_channel(ops, data, where, Sending(**sending)),) if where else ()
        kept = put(
            ops,
            name,
            made,
            channels=channels,
            regions=regions,
            digest=digest or "",
            now=SystemClock().now(),
        )
        reached = [f"{_address(ops.channel(each))}（{each}）" for each in kept.channels]
        faults = [lacking(ops.channel(each)) for each in kept.channels]
        if as_json:
            print_line(subscription_line(ops, kept))
            return 0
    say(tr(f"已订阅　{kept.id}　{kept.name}", f"subscribed  {kept.id}  {kept.name}"))
    say(tr("关注的事项　", "licences watched: ") + "、".join(map(licence_name, kept.licences)))
    say(local_rules(kept))
    say(tr("发到　", "to ") + "、".join(reached))
    for fault in filter(None, faults):
        note(tr(f"注意：现在还发不出：{fault}", f"Warning: nothing can be sent yet: {fault}"))
    say(tr("发一封测试：zhengce subscribe --test", "send a test: zhengce subscribe --test"))
    return 0


def _address(settings: EmailSettings | WebhookSettings) -> str:
    return settings.to if settings.kind == "email" else name_of(settings.url)


def _channel(ops: Ops, data: DataDirectory, where: str, sending: Sending) -> str:
    """The id of the channel for an address: one that is there already where it says the same."""
    if where in ops.channels():
        return where
    settings = channel_for(ops, data, where, sending)
    same = (number for number in ops.channels() if ops.channel(number) == settings)
    return next(same, None) or ops.put_channel(settings, now=SystemClock().now())
