using CampaignManager.Engine.Offers;

namespace CampaignManager.Web.Campaigns;

/// <summary>A selection of goods as ticked.</summary>
public sealed class SelectorForm
{
    /// <summary>Everything, said outright.</summary>
    public bool All { get; set; }

    public HashSet<string> Categories { get; set; } = [];

    public HashSet<string> Brands { get; set; } = [];

    public HashSet<string> Skus { get; set; } = [];

    public HashSet<string> Tags { get; set; } = [];

    public int Count => Categories.Count + Brands.Count + Skus.Count + Tags.Count;

    public static SelectorForm Of(ScopeSelector? selector) => selector is null ? new SelectorForm() : new SelectorForm
    {
        All = selector.All,
        Categories = [.. selector.Categories],
        Brands = [.. selector.Brands],
        Skus = [.. selector.Skus],
        Tags = [.. selector.Tags],
    };

    /// <summary>Null when nothing is named.</summary>
    public ScopeSelector? ToSelector() => !All && Count == 0 ? null : new ScopeSelector
    {
        All = All,
        Categories = CampaignForm.Sorted(Categories),
        Brands = CampaignForm.Sorted(Brands),
        Skus = CampaignForm.Sorted(Skus),
        Tags = CampaignForm.Sorted(Tags),
    };
}

/// <summary>Other categories for one segment.</summary>
public sealed class SegmentScopeRow
{
    public string Segment { get; set; } = "";

    public HashSet<string> Categories { get; set; } = [];
}

/// <summary>On which goods, as ticked.</summary>
public sealed class ScopeForm
{
    /// <summary>Everything but what is left out: what is ticked under <see cref="Include"/> waits.</summary>
    public bool AllGoods { get; set; } = true;

    public SelectorForm Include { get; set; } = new();

    public SelectorForm Exclude { get; set; } = new();

    public bool OnlyUndiscounted { get; set; }

    public bool CheapestOnly { get; set; }

    public bool NetOfTax { get; set; }

    public List<SegmentScopeRow> PerSegment { get; set; } = [];

    public static ScopeForm Of(Scope scope) => new()
    {
        AllGoods = scope.Include is null || scope.Include.All,
        Include = SelectorForm.Of(scope.Include),
        Exclude = SelectorForm.Of(scope.Exclude),
        OnlyUndiscounted = scope.OnlyUndiscounted,
        CheapestOnly = scope.CheapestOnly,
        NetOfTax = scope.ThresholdNetOfTax,
        PerSegment = [.. scope.PerSegment.Select(s => new SegmentScopeRow { Segment = s.Segment, Categories = [.. s.Categories] })],
    };

    public Scope ToScope() => new()
    {
        Include = AllGoods ? Include.All ? new ScopeSelector { All = true } : null : (Include.ToSelector() ?? new ScopeSelector()) with { All = false },
        Exclude = Exclude.ToSelector(),
        OnlyUndiscounted = OnlyUndiscounted,
        CheapestOnly = CheapestOnly,
        ThresholdNetOfTax = NetOfTax,
        PerSegment = [.. PerSegment.Select(s => new SegmentScope(s.Segment, CampaignForm.Sorted(s.Categories)))],
    };
}
