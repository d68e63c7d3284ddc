# language: zh-CN
功能: 定义的自检
  管理员改错一处，检查立即指出，并说明怎么办。

  规则: 材料

    @case_10
    场景: 本市部门产生的证明，不得再向申请人索要
      当 检查以下定义
        """
        matter: local_proof
        title: 示例事项
        type: 行政许可
        level: 县级
        organ: 示例机关
        basis: {law: 行政许可法, article: 第三十二条, verified: true}
        materials:
          - id: local_result
            title: 本市上一环节的办理结果
            local: true
            basis: {law: 行政许可法, article: 第三十一条, verified: true}
        """
      那么 诊断包括"local-proof-demanded"

    场景: 能由电子证照免提交的，不算索要
      当 检查以下定义
        """
        matter: local_proof
        title: 示例事项
        type: 行政许可
        level: 县级
        organ: 示例机关
        basis: {law: 行政许可法, article: 第三十二条, verified: true}
        materials:
          - id: local_result
            title: 营业执照
            local: true
            satisfied_by: [business_licence]
            basis: {law: 行政许可法, article: 第三十一条, verified: true}
        """
      那么 诊断不包括"local-proof-demanded"

    场景: 兜底的材料名称
      当 检查以下定义
        """
        matter: catch_all
        title: 示例事项
        type: 行政许可
        level: 县级
        organ: 示例机关
        basis: {law: 行政许可法, article: 第三十二条, verified: true}
        materials:
          - id: other
            title: 省级要求的其他材料
            basis: {law: 行政许可法, article: 第三十一条, verified: true}
        """
      那么 诊断包括"catch-all-material"

  规则: 时限

    @case_41
    场景: 承诺时限与法定时限单位不同，先换算，并警告
      当 检查"rulesets/matters/public_venue_hygiene.yaml"，其中"promise: 5 working days"改为"promise: 7 days"
      那么 诊断包括"time-units-differ"
      而且 诊断不包括"promise-over-statutory"

    场景: 承诺时限超过法定时限
      当 检查"rulesets/matters/public_venue_hygiene.yaml"，其中"promise: 5 working days"改为"promise: 21 working days"
      那么 诊断包括"promise-over-statutory"

    @case_43
    场景: 特殊环节没有写办理时限的，不得发布
      当 检查"rulesets/matters/public_venue_hygiene.yaml"，其中"  correction: 5 working days"改为"  special: [{title: 专家评审}]"
      那么 诊断包括"special-stage-limit"
      而且 诊断"special-stage-limit"的说明包括"审批机关"

  规则: 审查要点

    @case_62
    场景: 审查要点用了自由裁量的字眼
      当 检查"rulesets/matters/public_venue_hygiene.yaml"，其中"point: 营业面积达到本类场所最低要求"改为"point: 情节较轻的酌情放宽面积"
      那么 诊断包括"discretion-word"
      而且 诊断"discretion-word"的说明包括"标准"

    场景: 没有补救办法的审查要点
      当 检查以下定义
        """
        matter: no_remedy
        title: 示例事项
        type: 行政许可
        level: 县级
        organ: 示例机关
        basis: {law: 行政许可法, article: 第三十二条, verified: true}
        facts:
          面积: {type: decimal, unit: m²}
        criteria:
          - id: large_enough
            stage: 受理
            point: 面积足够
            require: 面积 >= 10
            basis: {law: 行政许可法, article: 第三十一条, verified: true}
        """
      那么 诊断包括"remedy-missing"

    场景: 规则读了没有声明的事实，提示相近的名称
      当 检查"rulesets/matters/public_venue_hygiene.yaml"，其中"require: 营业面积 >= 最低面积"改为"require: 营业面机 >= 最低面积"
      那么 诊断包括"unknown-fact"
      而且 诊断"unknown-fact"的说明包括"营业面积"

    场景: 写法正确的改动没有错误
      当 检查"rulesets/matters/public_venue_hygiene.yaml"，其中"require: 营业面积 >= 最低面积"改为"require: 营业面积 - 最低面积 >= 0"
      那么 没有错误诊断

  规则: 地区参数

    场景: 地区不得突破上位法的数额
      当 检查以下定义
        """
        region: "370812"
        title: 示例区
        parent: "370800"
        overrides:
          travel_agency_branch_filing:
            parameters: {国内分社增存额: 20000}
            basis: {law: 示例}
          hr_service_licence:
            parameters: {专职人员最低人数: 5}
            basis: {law: 示例}
        """
      那么 诊断包括"region-below-floor"
      而且 诊断包括"region-above-ceiling"
