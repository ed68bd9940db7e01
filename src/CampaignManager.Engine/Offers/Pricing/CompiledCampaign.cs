using System.Text;
using CampaignManager.Engine.Money;

namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>One campaign with all that can be worked out before a cart is seen: minor units, bits, intervals.</summary>
internal sealed class CompiledCampaign
{
    public CompiledCampaign(LiveCampaign live, ScopeIndex.Builder scopes)
    {
        (Live, Rules, Id) = (live, live.Rules, live.Id);
        var currency = Currency.Get(Rules.Currency);
        Mechanic = Mechanic.Of(Rules, currency, scopes);
        Class = Rules.Class;
        var interval = live.Interval ?? ScheduleInterval.ToUtc(Rules.Schedule);
        (From, Until) = (interval.StartUtc?.Ticks ?? long.MinValue, interval.EndUtc?.Ticks ?? long.MaxValue);
        Exclusive = Rules.Combining.Exclusive;
        (OnlyUndiscounted, CheapestOnly, NetOfTax) = (Rules.Scope.OnlyUndiscounted, Rules.Scope.CheapestOnly, Rules.Scope.ThresholdNetOfTax);
        Hours = [.. Rules.Schedule.Weekly.Select(w => new LocalHours(w))];
        Zone = Hours.Length == 0 ? null : TimeZoneInfo.FindSystemTimeZoneById(Rules.Schedule.TimeZone);
        Scope = scopes.Add(Rules.Scope.Include, Rules.Scope.Exclude);
        SegmentScopes = [.. Rules.Scope.PerSegment.Select(s => (s.Segment, scopes.Add(Rules.Scope.Include, Rules.Scope.Exclude, s.Categories)))];
        Budget = Rules.Limits.Budget is { } budget ? currency.ToMinor(budget) : null;
        PartialBudget = Rules.Limits.OnBudgetShort == OnBudgetShort.Partial;
        ThresholdOnList = Rules.Combining.ThresholdBase == ThresholdBase.List;
        Code = Rules.Trigger.Code is { } code ? CouponCode.Normalise(code) : null;
        TakesCode = live.TakesCode;
        Salt = live is { HoldoutSalt: { } salt, HoldoutShare: > 0 } ? Encoding.UTF8.GetBytes(salt + ":") : null;
        var limits = Rules.Limits;
        ForSome = Rules.Audience is not { AnyOf.Count: 0, NoneOf.Count: 0, CustomerKinds.Count: 0, Channels.Count: 0, Regions.Count: 0 };
        NeedsCustomer = limits.UsesPerCustomer is not null;
        HasLimits = limits.Uses is not null || limits.UsesPerCustomer is not null || limits.UsesPerDay is not null || Budget is not null;
    }

    public LiveCampaign Live { get; }

    public CampaignRules Rules { get; }

    public string Id { get; }

    /// <summary>Place in the order of trying.</summary>
    public int Index { get; set; }

    /// <summary>Number of its group; −1 for none.</summary>
    public int Group { get; set; } = -1;

    public Mechanic Mechanic { get; }

    public OfferClass Class { get; }

    public int Priority => Rules.Combining.Priority;

    public bool Exclusive { get; }

    /// <summary>First moment, in ticks.</summary>
    public long From { get; }

    /// <summary>First moment after, in ticks.</summary>
    public long Until { get; }

    public bool OnlyUndiscounted { get; }

    public bool CheapestOnly { get; }

    public bool NetOfTax { get; }

    public LocalHours[] Hours { get; }

    public TimeZoneInfo? Zone { get; }

    /// <summary>Bit of its scope.</summary>
    public int Scope { get; }

    /// <summary>Bits of the scopes that take its place for segments.</summary>
    public (string Segment, int Scope)[] SegmentScopes { get; }

    public long? Budget { get; }

    public bool PartialBudget { get; }

    public bool ThresholdOnList { get; }

    /// <summary>The generic code, normalised.</summary>
    public string? Code { get; }

    public bool TakesCode { get; }

    public bool HasLimits { get; }

    /// <summary>A limit by customer binds nobody whose name is not known: such carts do not get it.</summary>
    public bool NeedsCustomer { get; }

    /// <summary>Its audience is not everybody.</summary>
    public bool ForSome { get; }

    /// <summary>The salt and a colon as they are hashed; null when nobody is held out.</summary>
    public byte[]? Salt { get; }

    /// <summary>High priority first, then id.</summary>
    public static int ByPriority(CompiledCampaign a, CompiledCampaign b) =>
        a.Priority != b.Priority ? b.Priority.CompareTo(a.Priority) : string.CompareOrdinal(a.Id, b.Id);

    /// <summary>Class, then priority, then id.</summary>
    public static int ByTurn(CompiledCampaign a, CompiledCampaign b) => a.Class != b.Class ? a.Class.CompareTo(b.Class) : ByPriority(a, b);
}

/// <summary>A weekly window in local minutes.</summary>
internal readonly record struct LocalHours
{
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    private readonly int days;
    private readonly int from;
    private readonly int to;

    public LocalHours(WeeklyWindow window)
    {
        foreach (var day in window.Days)
            days |= 1 << Array.IndexOf(Days, day);
        (from, to) = (Minutes(window.From), Minutes(window.To));
    }

    /// <summary>From the first minute on and before the last.</summary>
    public bool Contains(DateTime local) => (days & (1 << (int)local.DayOfWeek)) != 0 && local.TimeOfDay.TotalMinutes >= from && local.TimeOfDay.TotalMinutes < to;

    private static int Minutes(string time) =>
        int.Parse(time.AsSpan(0, 2), System.Globalization.CultureInfo.InvariantCulture) * 60 + int.Parse(time.AsSpan(3, 2), System.Globalization.CultureInfo.InvariantCulture);
}
