using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Experiments;

namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>What can be said of a campaign before any amount is worked out.</summary>
internal sealed class Eligibility(CartState state, Evaluator evaluator)
{
    private readonly List<string> codes = [];
    private readonly List<string> former = [];
    private ulong[] any = [];
    private Usage usage = Usage.None;
    private QuoteSettings settings = QuoteSettings.Default;
    private DateTime at;

    /// <summary>The cart's codes, normalised.</summary>
    public IReadOnlyList<string> Codes => codes;

    public void Load(CompiledCampaigns campaigns, Usage left, QuoteSettings how, DateTime utc)
    {
        (usage, settings, at) = (left, how, utc);
        codes.Clear();
        former.Clear();
        for (var i = 0; i < state.Cart.Codes.Count; i++)
        {
            codes.Add(CouponCode.Normalise(state.Cart.Codes[i]));
            former.Add(CouponCode.NormaliseAsBefore(state.Cart.Codes[i]));
        }

        if (any.Length < campaigns.Scopes.Words)
            any = new ulong[campaigns.Scopes.Words];
        state.AnyScope(any.AsSpan(0, campaigns.Scopes.Words));
    }

    /// <summary>Why the campaign cannot apply, but for its arm; <see cref="ReasonCode.Applied"/> when nothing stands against it yet.</summary>
    /// <param name="campaign">The campaign.</param>
    /// <param name="limit">The limit that is reached.</param>
    /// <param name="budgetLeft">Minor units; the largest number when there is no budget.</param>
    /// <param name="code">Place of the code that belongs to it; −1 for none.</param>
    public ReasonCode Check(CompiledCampaign campaign, out string? limit, out long budgetLeft, out int code)
    {
        (limit, budgetLeft, code) = (null, long.MaxValue, -1);
        if (campaign.Rules.Currency != state.Cart.Currency)
            return ReasonCode.CurrencyMismatch;
        if (Time(campaign) is var time and not ReasonCode.Applied)
            return time;
        if (campaign.ForSome && !campaign.Rules.Audience.Matches(new CartCustomer(state.Cart, evaluator)))
            return ReasonCode.NotInAudience;
        if (campaign is { TakesCode: false, HasLimits: false })
            return InScope(campaign);

        var left = usage.Of(campaign.Id);
        if (campaign.TakesCode && Code(campaign, left, out code) is var coded and not ReasonCode.Applied)
            return coded;
        if (InScope(campaign) is var covered and not ReasonCode.Applied)
            return covered;
        if (settings.IgnoreLimits)
            return ReasonCode.Applied;
        // Counted by customer, an order of nobody would count nowhere.
        var limited = Limits(campaign, left, out limit, out budgetLeft);
        return limited == ReasonCode.Applied && campaign.NeedsCustomer && state.Cart.CustomerId is null ? ReasonCode.CustomerNeeded : limited;
    }

    /// <summary>
    /// Whether the customer's arm is to be asked for. Whoever typed a code, and whoever would only have come too late, is told of the arm first, lest another reason
    /// gives the campaign away.
    /// </summary>
    public bool AsksForArm(CompiledCampaign campaign, ReasonCode reason, int code) =>
        (campaign.Salt is not null || settings.HeldOutOfAll) && !settings.IgnoreHoldouts && state.Cart.CustomerId is not null
            && (reason is ReasonCode.Applied or ReasonCode.LimitReached || code >= 0);

    /// <summary>No arm is to be drawn: every campaign holds the customer out.</summary>
    public bool HeldOutOfAll => settings.HeldOutOfAll;

    /// <summary>The campaign owns the cart's code of that place.</summary>
    public bool Owns(CompiledCampaign campaign, int code) =>
        usage.Of(campaign.Id) is var left && (Uses(campaign, left, code, out _) is not null || IsRevoked(left, code));

    /// <summary>The cart's code of that place as the campaign counts it.</summary>
    public string KeyOf(CompiledCampaign campaign, int code)
    {
        Uses(campaign, usage.Of(campaign.Id), code, out var key);
        return key;
    }

    /// <summary>The customer is in the campaign's control arm.</summary>
    public bool IsHeldOut(CompiledCampaign campaign) =>
        !settings.IgnoreHoldouts && state.Cart.CustomerId is not null && settings.HeldOutOfAll
            || !settings.IgnoreHoldouts && campaign.Live is { HoldoutSalt: { } salt, HoldoutShare: > 0 and var share } && state.Cart.CustomerId is { } customer
            && Assignment.IsControl(salt, customer, share);

    private ReasonCode Time(CompiledCampaign campaign)
    {
        if (campaign.Live.State == CampaignState.Ended || at.Ticks >= campaign.Until)
            return ReasonCode.Ended;
        if (at.Ticks < campaign.From)
            return ReasonCode.NotStarted;
        if (campaign.Live.State == CampaignState.Paused)
            return ReasonCode.Paused;
        if (campaign.Zone is not { } zone)
            return ReasonCode.Applied;
        var local = TimeZoneInfo.ConvertTimeFromUtc(at, zone);
        foreach (var hours in campaign.Hours)
        {
            if (hours.Contains(local))
                return ReasonCode.Applied;
        }

        return ReasonCode.OutsideHours;
    }

    private ReasonCode Code(CompiledCampaign campaign, CampaignUsage? left, out int code)
    {
        code = -1;
        for (var i = 0; i < codes.Count; i++)
        {
            var uses = Uses(campaign, left, i, out _);
            if (uses is null)
                continue;
            code = i;
            if (uses > 0)
                return ReasonCode.Applied;
        }

        if (code >= 0)
            return ReasonCode.CodeUsedUp;
        for (var i = 0; i < codes.Count && code < 0; i++)
            code = IsRevoked(left, i) ? i : -1;
        return code >= 0 ? ReasonCode.CodeRevoked : codes.Count == 0 ? ReasonCode.CodeRequired : ReasonCode.CodeUnknown;
    }

    /// <summary>Codes that kept their form of an earlier release are theirs before any other.</summary>
    private long? Uses(CompiledCampaign campaign, CampaignUsage? left, int place, out string code)
    {
        code = former[place];
        if (left is { Codes.Count: > 0 })
        {
            if (left.Codes.TryGetValue(code, out var uses) || left.Codes.TryGetValue(code = codes[place], out uses))
                return settings.IgnoreLimits ? long.MaxValue : uses;
        }

        code = codes[place];
        return campaign.Code == code ? settings.IgnoreLimits ? long.MaxValue : campaign.Rules.Limits.UsesPerCode ?? long.MaxValue : null;
    }

    private bool IsRevoked(CampaignUsage? left, int code) =>
        left is { RevokedCodes.Count: > 0 } && (left.RevokedCodes.Contains(former[code]) || left.RevokedCodes.Contains(codes[code]));

    private ReasonCode Limits(CompiledCampaign campaign, CampaignUsage? left, out string? limit, out long budgetLeft)
    {
        var limits = campaign.Rules.Limits;
        budgetLeft = left?.BudgetLeft ?? campaign.Budget ?? long.MaxValue;
        limit = (left?.UsesLeft ?? limits.Uses) <= 0 ? "uses"
            : (left?.CustomerUsesLeft ?? limits.UsesPerCustomer) <= 0 ? "usesPerCustomer"
            : (left?.DayUsesLeft ?? limits.UsesPerDay) <= 0 ? "usesPerDay"
            : null;
        return limit is null ? ReasonCode.Applied : ReasonCode.LimitReached;
    }

    private ReasonCode InScope(CompiledCampaign campaign)
    {
        var covers = false;
        if (campaign.SegmentScopes.Length == 0)
            return Any(campaign.Scope) ? ReasonCode.Applied : ReasonCode.NothingInScope;
        for (var i = 0; i < state.LineCount && !covers; i++)
            covers = evaluator.Covers(campaign, i);
        return covers ? ReasonCode.Applied : ReasonCode.NothingInScope;
    }

    private bool Any(int scope) => (any[scope >> 6] & (1UL << (scope & 63))) != 0;

    private readonly struct CartCustomer(Cart cart, Evaluator evaluator) : IAudienceMember
    {
        public bool? IsNew => cart.IsNew;

        public string? Channel => cart.Channel;

        public string? Region => cart.Region;

        public bool IsIn(string segment) => evaluator.InSegment(segment);
    }
}
