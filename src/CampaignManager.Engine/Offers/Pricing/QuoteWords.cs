using System.Globalization;
using CampaignManager.Engine.Money;

namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>Reasons and near misses as sentences, in English and Chinese: the one formatter for shoppers, staff and the API.</summary>
/// <param name="currency">ISO 4217 code of the amounts.</param>
/// <param name="culture">Chinese for any <c>zh</c> culture, English otherwise; also writes the figures.</param>
/// <param name="campaignName">How a campaign is called; its id when null.</param>
public sealed class QuoteWords(string currency, CultureInfo culture, Func<string, string>? campaignName = null)
{
    private readonly bool chinese = OfferSentence.IsChinese(culture);

    /// <summary>Why a campaign does not apply.</summary>
    public string Of(QuoteReason reason) => reason.Code switch
    {
        ReasonCode.NotStarted => Pick("It has not started yet.", "活动尚未开始。"),
        ReasonCode.Ended => Pick("It has ended.", "活动已结束。"),
        ReasonCode.Paused => Pick("It is paused.", "活动已暂停。"),
        ReasonCode.OutsideHours => Pick("It runs at other hours.", "不在活动时段内。"),
        ReasonCode.NotInAudience => Pick("It is for other customers.", "不在活动人群内。"),
        ReasonCode.Holdout => Pick("The customer is in the control group.", "该客户属于对照组。"),
        ReasonCode.CustomerNeeded => Pick("It is for customers who are signed in.", "登录后才能享受。"),
        ReasonCode.CodeRequired => Pick("It takes a code.", "需要输入优惠码。"),
        ReasonCode.CodeUnknown => Pick("The code is not known.", "优惠码无效。"),
        ReasonCode.CodeRevoked => Pick("The code has been revoked.", "优惠码已停用。"),
        ReasonCode.CodeUsedUp => Pick("The code has been used up.", "优惠码已用完。"),
        ReasonCode.NothingInScope when reason.Limit is not null => Pick("Not all of the goods take part.", "并非全部商品参与活动。"),
        ReasonCode.NothingInScope => Pick("None of the goods take part.", "没有参与活动的商品。"),
        ReasonCode.BelowThreshold when reason.Missing is { } missing => Pick($"{Missing(missing, reason.MissingIsQuantity)} short of the threshold.", $"还差{Missing(missing, reason.MissingIsQuantity)}达到门槛。"),
        ReasonCode.BelowThreshold => Pick("The threshold is not reached.", "未达到门槛。"),
        ReasonCode.LostInGroup => Pick($"{Rival(reason)} of the same group {Better(reason)}.", $"同组的{Rival(reason)}{Better(reason)}。"),
        ReasonCode.ExcludedBy => Pick($"It does not combine with {Rival(reason)}, which {Better(reason)}.", $"不能与{Rival(reason)}同享，后者{Better(reason)}。"),
        ReasonCode.BudgetExhausted => Pick("Its budget does not suffice.", "活动预算不足。"),
        ReasonCode.LimitReached => Limit(reason.Limit),
        ReasonCode.CurrencyMismatch => Pick("It is in another currency.", "币种不符。"),
        ReasonCode.NoEffect => Pick("It would change nothing.", "不会产生任何优惠。"),
        ReasonCode.Applied => Pick("It applies.", "已生效。"),
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };

    /// <summary>What a little more brings: "¥12.50 more and you save ¥20".</summary>
    public string Of(NearMiss miss)
    {
        ArgumentNullException.ThrowIfNull(miss);
        if (miss.IsCustomer)
            return miss.Gain > 0 ? Pick($"Sign in and you save {Money(miss.Gain)}", $"登录后可减{Money(miss.Gain)}") : Pick($"Sign in and you get {miss.Gift}", $"登录后即送{miss.Gift}");
        var missing = Missing(miss.Missing, miss.MissingIsQuantity);
        if (miss.Gift is { } gift && miss.Gain <= 0)
            return Pick($"{missing} more and you get {gift}", $"再买{missing}，即送{gift}");
        return miss.More
            ? Pick($"{missing} more and you save another {Money(miss.Gain)}", $"再买{missing}，可再减{Money(miss.Gain)}")
            : Pick($"{missing} more and you save {Money(miss.Gain)}", $"再买{missing}，可减{Money(miss.Gain)}");
    }

    private string Pick(string english, string chineseText) => chinese ? chineseText : english;

    private string Money(long minor) => MoneyText.OfMinor(minor, currency, culture);

    private string Missing(long missing, bool quantity) => quantity
        ? missing.ToString("N0", culture) + Pick(missing == 1 ? " unit" : " units", "件")
        : Money(missing);

    private string Rival(QuoteReason reason)
    {
        var name = reason.CampaignId is { } id ? campaignName?.Invoke(id) ?? id : "";
        return $"“{name}”";
    }

    private string Better(QuoteReason reason) => reason.By is > 0 and var by
        ? Pick($"is better by {Money(by)}", $"多优惠{Money(by)}")
        : Pick("comes first", "优先");

    private string Limit(string? limit) => limit switch
    {
        "usesPerCustomer" => Pick("The customer has used it as often as allowed.", "该客户的使用次数已达上限。"),
        "usesPerDay" => Pick("It has been used as often as allowed today.", "今日使用次数已达上限。"),
        _ => Pick("It has been used as often as allowed.", "使用次数已达上限。"),
    };
}
