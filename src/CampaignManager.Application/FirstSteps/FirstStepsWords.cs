using System.Globalization;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Experiments;
using CampaignManager.Engine.Experiments;

namespace CampaignManager.Application.FirstSteps;

/// <summary>What the page and the API say of the figures, word by word the same, in both languages.</summary>
public static class FirstStepsWords
{
    /// <summary>The offer in short: 200−30.</summary>
    public static BothLanguages Offer(OfferQuestion q) => (q.Spend is > 0, q.Percent) switch
    {
        (true, { } percent) => Text($"{percent:0.##} % off from {q.Spend:0.##}", $"满{q.Spend:0.##}减{percent:0.##}%"),
        (false, { } percent) => Text($"{percent:0.##} % off", $"减{percent:0.##}%"),
        _ => Text($"{q.Spend:0.##}−{q.Off:0.##}", $"满{q.Spend:0.##}减{q.Off:0.##}"),
    };

    /// <summary>What orders alone can and cannot tell.</summary>
    public static BothLanguages OrdersOnly(FirstStepsReport report)
    {
        var known = new BothLanguages("Orders show who buys. Nobody can tell from them who buys because of an offer.", "订单只说明谁会买，说明不了谁因为活动才买。");
        return report.Orders is null ? known : Join(known, BreakEvenOf(report));
    }

    /// <summary>What a first experiment could see, and what is recommended; null where it cannot be said yet.</summary>
    public static BothLanguages? Advice(FirstStepsReport report)
    {
        if (report is not { Experiment: { } advice, Asked: { } asked })
            return null;
        var (half, tenth) = (advice.Splits[0].Detectable, advice.Splits[^1].Detectable);
        if (advice.Verdict == FirstExperimentVerdict.CannotPay)
            return Text($"No experiment is needed: the offer cannot pay, whatever it brings.", $"不必实验：这个优惠无论带来多少订单都不划算。");
        if (half is null || tenth is null)
            return Text($"Hardly anybody would be in it, or nobody ordered in the last {report.Question.Days} days: nothing could be learnt.", $"人数太少，或最近{report.Question.Days}天无人下单：实验得不出结论。");
        var breaksEven = IsNothing(asked.BreakEven ?? 0)
            ? Text($"The offer pays with the first order that it brings.", $"这个优惠带来的第一单就能回本。")
            : Text($"The offer breaks even at {Points(asked.BreakEven)}.", $"这个优惠的盈亏平衡点是{Points(asked.BreakEven)}个百分点。");
        var sees = Text(
            $"With your {asked.Customers:N0} customers a 50:50 split over {report.Question.Days} days can see {Points(half)} points, a 10 % holdout {Points(tenth)}.",
            $"您的{asked.Customers:N0}位客户若对半分组、观察{report.Question.Days}天，能看出{Points(half)}个百分点的差别；只留10%对照能看出{Points(tenth)}个百分点。");
        var then = advice.Verdict switch
        {
            FirstExperimentVerdict.Sees when advice.Afterwards < advice.First => Text(
                $"Recommended: 50:50 for the first campaign, {100 * advice.Afterwards:0} % afterwards.", $"建议：首次活动对半分组，之后保留{100 * advice.Afterwards:0}%对照。"),
            FirstExperimentVerdict.Sees => Text($"Recommended: 50:50 for the first campaign, and afterwards too.", $"建议：首次及之后的活动都对半分组。"),
            FirstExperimentVerdict.TooFew => Text(
                $"That is too few to see it: about {advice.Needed:N0} customers would be needed. Recommended: 50:50, more days, or several campaigns together.",
                $"人数不足以看出：大约需要{advice.Needed:N0}位客户。建议：对半分组、延长天数，或合并多次活动来看。"),
            _ => Text(
                $"That is too few to learn anything: about {advice.Needed:N0} customers would be needed.", $"人数太少，得不出结论：大约需要{advice.Needed:N0}位客户。"),
        };
        return Join(Join(sees, breaksEven), then);
    }

    /// <summary>What an experiment of this size does not tell.</summary>
    public static BothLanguages? NotForWhom(FirstStepsReport report) => report.Experiment is { ForSegments: { } many } ? Text(
        $"It will tell whether it works, not for whom: effects by segment need about {FirstExperiment.TimesForSegments} times as many, {many:N0} customers.",
        $"它能说明有没有效果，说明不了对谁有效：分人群的效果大约需要{FirstExperiment.TimesForSegments}倍的人数，即{many:N0}位客户。") : null;

    /// <summary>How many offers can be tried at once.</summary>
    public static BothLanguages? Offers(FirstStepsReport report) => report.Experiment switch
    {
        null or { Verdict: FirstExperimentVerdict.CannotPay } => null,
        { MostOffers: > 1 and var most } => Text($"Up to {most} offers can be tried at once: each pair still sees its break-even.", $"最多可同时试{most}个优惠：任意两组之间仍能看出盈亏平衡点。"),
        _ => Text($"One offer at a time: with two, no pair would see its break-even.", $"一次只试一个优惠：若同时试两个，任意两组之间都看不出盈亏平衡点。"),
    };

    /// <summary>What a past campaign did, or why it is left out.</summary>
    public static BothLanguages Campaign(PastCampaignReading c) => c.Fault switch
    {
        PastCampaignFault.SampleRatio => Text(
            $"{c.Name} was left out: {c.Treated:N0} treated and {c.Control:N0} held back do not fit the stated {100 * c.Chance:0.#} % (p {P(c.SampleRatioP)}).",
            $"{c.Name}：因对照组人数与设定不符，已排除此活动（参与{c.Treated:N0}人，对照{c.Control:N0}人，设定{100 * c.Chance:0.#}%，p {P(c.SampleRatioP)}）。"),
        PastCampaignFault.Imbalance => Text(
            $"{c.Name} was left out: those who got it ordered differently already in the year before (difference of {c.Imbalance:0.00} standard deviations).",
            $"{c.Name}：两组在活动前一年的下单情况已有差别（{c.Imbalance:0.00}个标准差），已排除此活动。"),
        PastCampaignFault.NotRandomised or PastCampaignFault.OneGroup => Join(Text($"{c.Name}:", $"{c.Name}："), ObservationalWords.Of(c)),
        PastCampaignFault.NoGroups => Text($"{c.Name}: nobody says who was in which group.", $"{c.Name}：没有分组名单。"),
        PastCampaignFault.NoChance => Text(
            $"{c.Name} was left out: with which chance customers were drawn is not said, so its groups cannot be checked.", $"{c.Name}：没有说明分组概率，无法检验分组，已排除此活动。"),
        PastCampaignFault.StillOpen => Text($"{c.Name}: its {c.Days} days are not over in the orders that are here.", $"{c.Name}：现有订单尚未覆盖其{c.Days}天观察期。"),
        _ => Effect(c, c.Conversion!),
    };

    /// <summary>A cause is claimed only where the interval leaves no doubt of one.</summary>
    private static BothLanguages Effect(PastCampaignReading c, DifferenceInterval d) => d switch
    {
        { Low: double.NaN } => Text($"{c.Name}: too few ordered to tell what it did.", $"{c.Name}：下单人数太少，看不出效果。"),
        { Low: > 0 } or { High: < 0 } => Text(
            $"{c.Name}: of 100 who got it {Signed(d.Estimate)} ordered because of it within {c.Days} days ({Signed(d.Low)} .. {Signed(d.High)}).",
            $"{c.Name}：每100位参与者在{c.Days}天内因活动下单的人数变化为{Signed(d.Estimate)}（{Signed(d.Low)} ~ {Signed(d.High)}）。"),
        _ => Text(
            $"{c.Name}: of 100 who got it {Signed(d.Estimate)} ordered within {c.Days} days beyond those held back ({Signed(d.Low)} .. {Signed(d.High)}). It cannot be told from none.",
            $"{c.Name}：{c.Days}天内每100位参与者的下单人数与对照组相差{Signed(d.Estimate)}（{Signed(d.Low)} ~ {Signed(d.High)}），不能确定有效果。"),
    };

    /// <summary>What past campaigns together let be said.</summary>
    public static BothLanguages? Together(FirstStepsReport report)
    {
        var pool = PastCampaignPool.Of(report.Campaigns);
        var (sound, unread) = (pool.Sound.Count, pool.Sound.Count - pool.Readable.Count);
        return sound switch
        {
            0 => null,
            < PastCampaignPool.FewestCampaigns => Text(
                $"{sound} of them can be believed: they speak of this offer again, not of others. A model takes {PastCampaignPool.FewestCampaigns}.",
                $"其中{sound}次可信：只能说明同一优惠再做一次会怎样。模型至少需要{PastCampaignPool.FewestCampaigns}次。"),
            _ when !pool.HasCampaigns => Text(
                $"What {unread} of them gave could not be read: import them again with offers such as 200-30 or 20% off, and a model can learn from them.",
                $"其中{unread}次的优惠无法识别：请以“满200减30”或“8折”的写法重新导入，模型才能学习。"),
            _ when !pool.HasCustomers => Text(
                $"Together they have too few customers: a model takes {PastCampaignPool.FewestPerArm:N0} in each group.",
                $"合计人数太少：模型每组至少需要{PastCampaignPool.FewestPerArm:N0}人。"),
            _ => Text($"A model can learn from {pool.Readable.Count} of them together: an admin trains it.", $"可以用其中{pool.Readable.Count}次训练模型：由管理员启动训练。"),
        };
    }

    /// <summary>Why regions are not held back.</summary>
    public static BothLanguages Regions(FirstStepsReport report) => report switch
    {
        { Orders.Regions: 0 } => Text(
            $"Your customers' regions are not known, so none can be held back. Hold back persons.", $"不知道客户所在地区，无法按地区留对照。请按人留对照。"),
        { Orders: { Regions: var n }, Regions: RegionRefusal.TooFewRegions } => Text(
            $"{n} regions are too few for a geo holdout ({RegionHoldout.FewestRegions} needed). Hold back persons instead.", $"{n}个地区不足以按地区留对照（至少需要{RegionHoldout.FewestRegions}个）。请按人留对照。"),
        { Regions: RegionRefusal.TooFewPeriods } => Text(
            $"The orders go back too few days for a geo holdout ({RegionHoldout.FewestPeriods} needed). Hold back persons instead.", $"订单历史太短，不足以按地区留对照（至少需要{RegionHoldout.FewestPeriods}天）。请按人留对照。"),
        _ => Text($"Regions or days cannot be switched here yet: an experiment needs control of who gets the offer. Hold back persons.", $"暂不支持按地区或日期轮换：实验需要能决定谁得到优惠。请按人留对照。"),
    };

    private static BothLanguages BreakEvenOf(FirstStepsReport report)
    {
        var offer = Offer(report.Question);
        return report switch
        {
            { Offer.Margin: null, Offer.Earning: > 0 } => Text(
                $"What an order earns is not known: type one margin, and what {offer.En} has to bring can be reckoned.", $"不知道一单的毛利：请填写毛利率，才能算出{offer.Zh}需要带来多少。"),
            { Offer.Earning: 0 } => Text($"No order of the last year would have earned {offer.En}: what it has to bring cannot be told.", $"近一年没有订单达到{offer.Zh}的门槛：算不出它需要带来多少。"),
            { Asked.Ordering: null } => Text($"Nobody was a customer {report.Question.Days} days before the last order: what is ordered anyway is not known.", $"最后一单之前{report.Question.Days}天还没有客户：不知道没有活动时会有多少订单。"),
            { Asked.BreakEven: { } effect } when IsNothing(effect) => Text(
                $"Nobody of them orders without an offer, so {offer.En} gives nothing away: each order that it brings pays.", $"这些客户没有优惠就不下单，{offer.Zh}不会白送：带来的每一单都是赚的。"),
            { Asked.BreakEven: { } effect } => Text(
                $"To cover its cost, {offer.En} would have to move at least {Points(effect)} of 100 customers who would not have ordered.", $"要收回成本，{offer.Zh}至少要让每100位客户中{Points(effect)}位原本不会下单的人下单。"),
            _ => Text($"{offer.En} cannot pay: an order earns too little for what the offer takes off.", $"{offer.Zh}不划算：一单的毛利不够抵扣优惠。"),
        };
    }

    /// <summary>Whether an effect is too small to be written in points: whatever the offer brings, it pays.</summary>
    public static bool IsNothing(double share) => share < 0.00005;

    // A share of 1 as points; small ones keep a digit that says something.
    private static string Points(double? share) => (100 * share!.Value).ToString(share < 0.001 ? "0.00" : "0.0", CultureInfo.InvariantCulture);

    private static string P(double? p) => p < 0.0001 ? "< 0.0001" : "= " + p!.Value.ToString("0.0000", CultureInfo.InvariantCulture);

    internal static string Signed(double share) => (100 * share).ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture);

    internal static BothLanguages Join(BothLanguages first, BothLanguages second) => new($"{first.En} {second.En}", first.Zh + second.Zh);

    internal static BothLanguages Text(FormattableString english, FormattableString chinese) =>
        new(english.ToString(CultureInfo.InvariantCulture), chinese.ToString(CultureInfo.InvariantCulture));
}
