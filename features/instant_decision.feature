# language: zh-CN
功能: 依规则当场决定
  即办件的全部事实都由登记系统或电子证照得出、没有一项只凭申请人所说的，由规则当场决定，按比例抽人工复核。

  背景:
    假如 工作区中另有以下定义
      """
      matter: example_notice
      title: 示例告知（即办）
      type: 其他行政权力
      level: 县级
      organ: 示例局
      kind: 即办件
      served: [企业法人]
      basis: {law: 示例办法, article: 第一条, source: 场景中的示例, verified: false}
      time: {promise: 当场, basis: {law: 示例办法, article: 第二条, source: 场景中的示例, verified: false}}
      facts:
        登记场所: {type: text, source: business_licence.经营场所}
      criteria:
        - id: registered
          stage: 受理
          point: 营业执照登记有经营场所
          require: 登记场所 != ""
          basis: {law: 示例办法, article: 第三条, source: 场景中的示例, verified: false}
          remedy: 先办理营业执照
      materials:
        - {use: business_licence, basis: {law: 示例办法, article: 第三条, source: 场景中的示例, verified: false}}
      result: {title: 告知书, closing: 审批办结}
      guide: {review_body: 示例县人民政府, court: 示例县人民法院}
      """
    而且 申请人是"示例公司"，证件号码"91350100M000100Y43"

  场景: 即办件的全部事实都由机器核验的，依规则当场决定
    假如 电子证照库中有"营业执照"
      | 栏目       | 值                 |
      | 编号       | 1                  |
      | 持有人     | 示例公司           |
      | 持有人代码 | 91350100M000100Y43 |
      | 经营场所   | 示例路1号          |
    当 申请人于 2026-11-02 提交"示例告知（即办）"的申请
    那么 办件状态是"待制证送达"
    而且 办件结果是"准予"
    而且 办件记录中有"依规则当场决定"
    而且 申请人收到通知"当场办结"
    当 出件人员于 2026-11-02 办结
    那么 办件状态是"办结"

  场景: 登记系统没有答复的，不自动决定，由人办理
    假如 电子证照库无法访问
    当 申请人于 2026-11-02 提交"示例告知（即办）"的申请
    那么 办件状态是"待受理"
    而且 办件尚未决定
