namespace CampaignManager.Application.Demo;

/// <summary>Short reviews by rating, in both languages.</summary>
internal static class DemoReviews
{
    private static readonly string[][] Chinese =
    [
        ["质量太差了，申请退货", "和描述不符，很失望", "用了两次就坏了", "客服一直不回复，差评"],
        ["一般般，不太值这个价", "包装破损，东西勉强能用", "颜色和图片有差距", "物流太慢了"],
        ["中规中矩，能用", "还可以，没有想象中好", "价格合适，质量一般", "凑单买的，还行"],
        ["质量不错，会再来", "物流很快，东西也好", "家人都挺喜欢的", "做活动买的，很划算", "做工细致，推荐"],
        ["非常满意，已经回购", "性价比超高，强烈推荐", "质感很好，超出预期", "满减之后特别划算", "第三次买了，一如既往地好", "送人很体面"],
    ];

    private static readonly string[][] English =
    [
        ["Broke after two uses.", "Not as described, returned it."],
        ["Not worth the price.", "Box was damaged on arrival."],
        ["It does the job.", "Okay for the price."],
        ["Good quality, fast delivery.", "Family likes it."],
        ["Excellent, bought it again.", "Better than expected.", "Great value with the discount."],
    ];

    /// <summary>All texts, in a fixed order; reviews refer to them by place.</summary>
    public static readonly string[] Texts = [.. Chinese.SelectMany(t => t), .. English.SelectMany(t => t)];

    public static int Pick(ref DemoRandom random, int rating)
    {
        var english = random.Chance(0.12);
        var (set, start) = english ? (English, Chinese.Sum(t => t.Length)) : (Chinese, 0);
        for (var r = 0; r < rating - 1; r++)
            start += set[r].Length;
        return start + random.Below(set[rating - 1].Length);
    }
}
