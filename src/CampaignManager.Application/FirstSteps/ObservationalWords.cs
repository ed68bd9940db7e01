using System.Globalization;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Experiments;
using CampaignManager.Engine.Uplift.Observational;
using static CampaignManager.Application.FirstSteps.FirstStepsWords;

namespace CampaignManager.Application.FirstSteps;

/// <summary>What is said of a log of mails or coupons that were not sent at random: the gate it does not pass with its figure, or the difference, always as observational.</summary>
public static class ObservationalWords
{
    private static readonly BothLanguages Chosen = new("Observational: whom to mail was chosen by somebody.", "观察性数据：发给谁是人挑的，不是随机的。");

    private static readonly Dictionary<string, BothLanguages> Features = new()
    {
        ["orders"] = new("the number of their orders", "下单次数"),
        ["orders-in-year"] = new("the orders of the year before", "此前一年的下单次数"),
        ["orders-in-90-days"] = new("the orders of the 90 days before", "此前90天的下单次数"),
        ["spent-in-year"] = new("what they spent in the year before", "此前一年的消费金额"),
        ["days-since-order"] = new("the days since their last order", "距上次下单的天数"),
        ["days-since-first-order"] = new("the days since their first order", "距首次下单的天数"),
        ["email-opt-in"] = new("the opt-in for e-mails", "是否订阅邮件"),
    };

    public static BothLanguages Of(PastCampaignReading c) => Join(Chosen, c.Log switch
    {
        null => Text($"Its {c.Days} days are not over in the orders that are here. Not used.", $"现有订单尚未覆盖其{c.Days}天观察期，未采用。"),
        { Failed: [LogGate.Overlap, ..] } log => Text(
            $"Only {log.KeptTreated:N0} who got it and {log.KeptControl:N0} who did not might as well have been on the other side ({LogGates.FewestPerArm} of each needed). Not used.",
            $"只有{log.KeptTreated:N0}位收到的客户和{log.KeptControl:N0}位未收到的客户可相互比较（各需{LogGates.FewestPerArm}位），未采用。"),
        { Failed: [LogGate.Placebo, ..], Placebo: { } placebo } when double.IsFinite(placebo.Low) => Text(
            $"In the four weeks before the mail those who got it already ordered {Points(Math.Abs(placebo.Estimate))} points {(placebo.Estimate < 0 ? "less" : "more")} ({Points(Least(placebo.Low, placebo.High))} .. {Points(Most(placebo.Low, placebo.High))}). The difference afterwards cannot be told from that one. Not used.",
            $"在发送前的四周，收到的客户下单率就已{(placebo.Estimate < 0 ? "低" : "高")}{Points(Math.Abs(placebo.Estimate))}个百分点（{Points(Least(placebo.Low, placebo.High))} ~ {Points(Most(placebo.Low, placebo.High))}）。之后的差异无法与之区分，未采用。"),
        { Failed: [LogGate.Placebo, ..] } => Text($"In the four weeks before the mail nothing can be compared. Not used.", $"发送前的四周无法比较，未采用。"),
        { Failed: [LogGate.Balance, ..] } log => Text(
            $"Once weighted, those who got it still differ in {Name(log).En} by {Decimal(log.Imbalance)} standard deviations (less than {Decimal(LogGates.MostImbalance)} needed). Not used.",
            $"加权后，两组在{Name(log).Zh}上仍相差{Decimal(log.Imbalance)}个标准差（须小于{Decimal(LogGates.MostImbalance)}），未采用。"),
        { Passes: true, Effect: { } effect } log => Text(
            $"Of 100 who got it {Signed(effect.Estimate)} ordered within {c.Days} days beyond those like them who did not ({Signed(effect.Low)} .. {Signed(effect.High)}). Robustness value {Percent(log.Robustness)} %: something nobody recorded that explains as much of who got it and of who ordered would explain it away. It is no measured effect.",
            $"每100位收到的客户在{c.Days}天内比相似的未收到客户多下单{Signed(effect.Estimate)}人（{Signed(effect.Low)} ~ {Signed(effect.High)}）。稳健值{Percent(log.Robustness)}%：若有未记录的因素能同时解释这么多，差异就可能不存在。这不是实测效果。"),
        _ => Text($"Not used.", $"未采用。"),
    });

    private static BothLanguages Name(LogReading log) => Features[PastCampaignLogs.FeatureNames[log.ImbalancedFeature]];

    // Of a difference below 0 the interval is told as that of its size.
    private static double Least(double low, double high) => low < 0 ? -high : low;

    private static double Most(double low, double high) => low < 0 ? -low : high;

    private static string Points(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (100 * share).ToString("0.#", CultureInfo.InvariantCulture);

    private static string Decimal(double number) => number.ToString("0.00", CultureInfo.InvariantCulture);
}
