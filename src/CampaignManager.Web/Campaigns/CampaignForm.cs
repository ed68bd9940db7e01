using System.Globalization;
using CampaignManager.Application.Campaigns;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Web.Campaigns;

public enum OfferKind
{
    Tiers,
    Every,
    Percent,
    FreeShipping,

    /// <summary>A mechanic that this editor has no fields for: kept as it is.</summary>
    Other,
}

/// <summary>A row of the tier grid; <see cref="Grant"/> is an amount, or a percentage.</summary>
public sealed class TierRow
{
    public decimal? Spend { get; set; }

    public decimal? Grant { get; set; }
}

/// <summary>Other categories for one segment.</summary>
public sealed class SegmentScopeRow
{
    public string Segment { get; set; } = "";

    public HashSet<string> Categories { get; set; } = [];
}

/// <summary>
/// What is typed into the editor, kept as typed, right or wrong. Rules that the editor has no field for (weekly hours, codes, other limits) come through unchanged.
/// </summary>
public sealed class CampaignForm
{
    private CampaignRules origin = new();

    public string Name { get; set; } = "";

    public string? Note { get; set; }

    public string Tags { get; set; } = "";

    public string Currency { get; set; } = "CNY";

    public OfferKind Kind { get; set; }

    public List<TierRow> Tiers { get; private set; } = [];

    public List<TierRow> PercentTiers { get; private set; } = [];

    public decimal? Every { get; set; }

    public decimal? Off { get; set; }

    public int? MaxTimes { get; set; }

    public bool AllowFree { get; set; }

    public decimal? PercentCap { get; set; }

    public decimal? ShippingSpend { get; set; }

    public decimal? ShippingCap { get; set; }

    public bool AllGoods { get; set; } = true;

    public HashSet<string> Categories { get; private set; } = [];

    public List<SegmentScopeRow> PerSegment { get; private set; } = [];

    public HashSet<string> Segments { get; private set; } = [];

    public HashSet<string> ExcludedSegments { get; private set; } = [];

    public decimal? HoldoutPercent { get; set; }

    public int? AttributionDays { get; set; }

    public string? TimeZone { get; set; }

    public DateTime? Start { get; set; }

    public DateTime? End { get; set; }

    public decimal? Budget { get; set; }

    public int? UsesPerCustomer { get; set; }

    /// <summary>The campaign came with a mechanic that is kept as it is.</summary>
    public bool HasOther { get; private set; }

    public static CampaignForm Of(string name, string? note, IReadOnlyList<string> tags, CampaignRules rules)
    {
        var include = rules.Scope.Include;
        var form = new CampaignForm
        {
            origin = rules,
            Name = name,
            Note = note,
            Tags = string.Join(' ', tags),
            Currency = rules.Currency,
            AllGoods = include is null || include.All || include.IsEmpty,
            Categories = [.. include?.Categories ?? []],
            PerSegment = [.. rules.Scope.PerSegment.Select(s => new SegmentScopeRow { Segment = s.Segment, Categories = [.. s.Categories] })],
            Segments = [.. rules.Audience.AnyOf],
            ExcludedSegments = [.. rules.Audience.NoneOf],
            HoldoutPercent = rules.Experiment.HoldoutPercent,
            AttributionDays = rules.Experiment.AttributionDays,
            TimeZone = rules.Schedule.TimeZone,
            Start = rules.Schedule.Start?.ToDateTime(TimeOnly.MinValue),
            End = rules.Schedule.End?.ToDateTime(TimeOnly.MinValue),
            Budget = rules.Limits.Budget,
            UsesPerCustomer = rules.Limits.UsesPerCustomer,
        };
        form.Take(rules.Offer);
        return form;
    }

    public CampaignDraft ToDraft() => new(Name, ToRules(), string.IsNullOrWhiteSpace(Note) ? null : Note, Tags.Split([' ', ',', '，'], StringSplitOptions.RemoveEmptyEntries));

    public Offer ToOffer() => Kind switch
    {
        OfferKind.Tiers => new FullReduction { Tiers = [.. Tiers.Select(t => new SpendTier(t.Spend ?? 0, t.Grant ?? 0))], AllowFree = AllowFree },
        OfferKind.Every => new FullReduction { Every = Every ?? 0, Off = Off, MaxTimes = MaxTimes, AllowFree = AllowFree },
        OfferKind.Percent => new PercentOff { Tiers = [.. PercentTiers.Select(t => new PercentTier(t.Spend, t.Grant ?? 0))], Cap = PercentCap },
        OfferKind.FreeShipping => new FreeShipping { Spend = ShippingSpend, Cap = ShippingCap },
        OfferKind.Other => origin.Offer,
        _ => throw new InvalidOperationException($"The editor has no form for {Kind}."),
    };

    public CampaignRules ToRules() => origin with
    {
        Currency = Currency,
        Offer = ToOffer(),
        Scope = origin.Scope with
        {
            Include = Include(),
            PerSegment = [.. PerSegment.Select(s => new SegmentScope(s.Segment, Sorted(s.Categories)))],
        },
        Audience = origin.Audience with { AnyOf = Sorted(Segments), NoneOf = Sorted(ExcludedSegments) },
        Schedule = origin.Schedule with { TimeZone = TimeZone ?? "", Start = Day(Start), End = Day(End) },
        Limits = origin.Limits with { Budget = Budget, UsesPerCustomer = UsesPerCustomer },
        Experiment = origin.Experiment with { HoldoutPercent = HoldoutPercent ?? 0, AttributionDays = AttributionDays ?? 0 },
    };

    /// <summary>Tells two states of the form apart, as typed.</summary>
    public string Snapshot() => string.Create(CultureInfo.InvariantCulture, $"{Name}\n{Note}\n{Tags}\n{RulesJson.Write(ToRules())}");

    private ScopeSelector? Include()
    {
        if (AllGoods)
            return null;
        // Brands, SKUs and tags that were set elsewhere stay.
        return (origin.Scope.Include ?? new ScopeSelector()) with { All = false, Categories = Sorted(Categories) };
    }

    private void Take(Offer offer)
    {
        Tiers = [new TierRow { Spend = 200, Grant = 30 }];
        PercentTiers = [new TierRow { Spend = 200, Grant = 10 }];
        (Every, Off) = (200, 30);
        switch (offer)
        {
            case FullReduction { Every: not null } every:
                (Kind, Every, Off, MaxTimes, AllowFree) = (OfferKind.Every, every.Every, every.Off, every.MaxTimes, every.AllowFree);
                break;
            case FullReduction tiered:
                (Kind, AllowFree) = (OfferKind.Tiers, tiered.AllowFree);
                Tiers = [.. tiered.Tiers.Select(t => new TierRow { Spend = t.Spend, Grant = t.Off })];
                break;
            case PercentOff percent:
                (Kind, PercentCap) = (OfferKind.Percent, percent.Cap);
                PercentTiers = [.. percent.Tiers.Select(t => new TierRow { Spend = t.Spend, Grant = t.Percent })];
                break;
            case FreeShipping shipping:
                (Kind, ShippingSpend, ShippingCap) = (OfferKind.FreeShipping, shipping.Spend, shipping.Cap);
                break;
            default:
                (Kind, HasOther) = (OfferKind.Other, true);
                break;
        }
    }

    private static IReadOnlyList<string> Sorted(IEnumerable<string> keys) => [.. keys.Order(StringComparer.Ordinal)];

    private static DateOnly? Day(DateTime? day) => day is { } given ? DateOnly.FromDateTime(given) : null;
}
