"""The words of what is wrong with themes (一件事): Chinese, English, and the help in both."""

THEME_CODES: dict[str, tuple[str, str, str, str]] = {
    "theme-lead-missing": (
        "一件事“{title}”没有牵头部门",
        'the theme "{title}" has no lead department',
        "几个部门联办的，请用 lead 写明由谁牵头。",
        "Where several departments act, name the one that leads in `lead`.",
    ),
    "theme-part-twice": (
        "一件事中两次列出事项“{matter}”，前一处在 {other}",
        'the theme lists the matter "{matter}" twice, first at {other}',
        "每个事项只列一次。",
        "List each matter once.",
    ),
    "theme-circle": (
        "一件事的事项互为前置，谁也办不成：{cycle}",
        "the parts of the theme wait for each other in a circle: {cycle}",
        "请删去其中没有法律依据的前置，或者让其中一项改由部门之间协查。",
        "Remove a prerequisite that no law asks for, or let the departments ask each other.",
    ),
    "theme-fact-disagrees": (
        "“{fact}”在“{one}”与“{other}”中的声明不同（{keys_zh}），不能当作同一个问题",
        '"{fact}" is declared otherwise in "{one}" than in "{other}" ({keys_en})',
        "是同一件事的，请把两处声明改为一致；不是的，请在 shared 中另起名称分开问。",
        "Make the declarations agree, or ask for them apart under another name in `shared`.",
    ),
    "theme-fact-unknown": (
        "“{matter}”没有可问的事实“{fact}”",
        '"{matter}" has no fact "{fact}" that can be asked for',
        "{hint_zh}须是事项中声明、不由规则计算的事实。",
        "{hint_en}It must be declared there, and not be computed.",
    ),
    "theme-fact-twice": (
        "“{matter}”的两个事实“{one}”和“{other}”都成了一件事的“{fact}”",
        'two facts of "{matter}", "{one}" and "{other}", would both be "{fact}" of the theme',
        "请在 shared 中给其中一个另起名称。",
        "Give one of them another name in `shared`.",
    ),
    "theme-material-unknown": (
        "“{matter}”没有材料“{material}”",
        '"{matter}" has no material "{material}"',
        "{hint_zh}serves 中写事项的编号和该事项中材料的编号。",
        "{hint_en}`serves` takes a matter and the id of a material there.",
    ),
    "theme-not-covered": (
        "一件事“{title}”丢了“{matter}”要的{what_zh}“{name}”",
        'the theme "{title}" loses {what_en} "{name}" that "{matter}" needs',
        "请核对 shared 和 materials：事项单独办理时要的，一件事里都要问到、收到。",
        "Check `shared` and `materials`: what a matter alone asks for, the theme asks for too.",
    ),
}
