using System.Globalization;
using System.Text.Json;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Audiences.Predicates;

namespace CampaignManager.Web.Audiences;

/// <summary>What a line of the builder asks, or how a group joins its lines.</summary>
public enum RuleKind
{
    All, Any, None, Segment, Region, Channel, Device, Country, MemberTier, Tags, EmailOptIn, OptOutMarketing, Joined, Order, View, Views, Carts, Purchases, Orders, Spend, Recency, Frequency,
    Monetary, Uplift, Control,
}

/// <summary>What is missing in a line of the builder, or wrong with it.</summary>
public enum RuleProblem
{
    NoParts, NoSegment, NoWords, NoGoods, NoBounds, OutOfRange, NotWhole, Crossed,
}

/// <summary>A predicate while it is edited: it may be unfinished.</summary>
public sealed class RuleNode
{
    public RuleKind Kind { get; set; }

    public List<RuleNode> Parts { get; } = [];

    /// <summary>A segment's key.</summary>
    public string Segment { get; set; } = "";

    public IReadOnlyList<string> Words { get; set; } = [];

    public bool Yes { get; set; } = true;

    public GoodsKind? Goods { get; set; }

    public string GoodsKey { get; set; } = "";

    public int? Days { get; set; }

    public decimal? AtLeast { get; set; }

    public decimal? AtMost { get; set; }

    /// <summary>Where it stands in the predicate, and what the last reading found wrong there beside <see cref="Problem"/>; null when nothing.</summary>
    public string? Refused { get; private set; }

    public bool IsGroup => Kind <= RuleKind.None;

    public bool IsWords => Kind is >= RuleKind.Region and <= RuleKind.Tags;

    public bool IsFlag => Kind is RuleKind.EmailOptIn or RuleKind.OptOutMarketing;

    public bool IsCount => Kind is >= RuleKind.Views and <= RuleKind.Spend;

    /// <summary>Of shares people type per cent.</summary>
    public bool IsShare => Kind is RuleKind.Uplift or RuleKind.Control;

    public bool IsBounded => Kind >= RuleKind.Joined;

    public bool IsScore => Kind is RuleKind.Recency or RuleKind.Frequency or RuleKind.Monetary;

    /// <summary>From and to which figure its bounds may lie, as people type them.</summary>
    public (decimal Least, decimal Most) Range => Kind switch
    {
        RuleKind.Joined or RuleKind.Order or RuleKind.View => (0, PredicateJson.MostDays),
        _ when IsScore => (1, Rfm.Fifths),
        _ when IsShare => (-100, 100),
        _ => (0, 1_000_000_000_000m),
    };

    /// <summary>What is missing or wrong in this line itself; its parts say theirs.</summary>
    public RuleProblem? Problem => Kind switch
    {
        _ when IsGroup => Parts.Count == 0 ? RuleProblem.NoParts : null,
        RuleKind.Segment => Segment == "" ? RuleProblem.NoSegment : null,
        _ when IsWords => Words.Count == 0 ? RuleProblem.NoWords : null,
        _ when IsFlag => null,
        _ when Goods is not null && IsCount && string.IsNullOrWhiteSpace(GoodsKey) => RuleProblem.NoGoods,
        _ when AtLeast is null && AtMost is null => RuleProblem.NoBounds,
        _ when Outside(AtLeast) || Outside(AtMost) => RuleProblem.OutOfRange,
        _ when (IsScore || (IsCount && Kind != RuleKind.Spend)) && (Broken(AtLeast) || Broken(AtMost)) => RuleProblem.NotWhole,
        _ => AtLeast > AtMost ? RuleProblem.Crossed : null,
    };

    public static IReadOnlyList<RuleKind> Leaves { get; } = [.. Enum.GetValues<RuleKind>().Where(k => k > RuleKind.None)];

    public static RuleNode Group(RuleKind kind = RuleKind.All) => new() { Kind = kind, Parts = { Condition() } };

    /// <summary>A condition to begin with.</summary>
    public static RuleNode Condition() => new() { Kind = RuleKind.Segment, Segment = Lifecycle.New.Key() };

    /// <summary>The predicate, or null while something is missing or wrong: the lines then say what.</summary>
    public Predicate? Read()
    {
        using var json = JsonDocument.Parse(PredicateJson.Write(ToPredicate()));
        var read = PredicateJson.Read(json.RootElement, "predicate", out var errors);
        Place("predicate", errors);
        return read;
    }

    /// <summary>For editing; the root is a group.</summary>
    public static RuleNode Root(Predicate predicate) => Of(predicate) is { IsGroup: true } group ? group : new RuleNode { Parts = { Of(predicate) } };

    private bool Outside(decimal? bound) => bound < Range.Least || bound > Range.Most;

    private static bool Broken(decimal? bound) => bound is { } figure && decimal.Truncate(figure) != figure;

    // A group's parts stand under its list; what is wrong with a condition is said at the condition or at one of its fields.
    private void Place(string path, IReadOnlyList<PredicateError> errors)
    {
        Refused = Problem is null && !IsGroup ? errors.FirstOrDefault(e => e.Path == path || e.Path.StartsWith(path + ".", StringComparison.Ordinal))?.Message : null;
        var list = Kind switch { RuleKind.All => "and", RuleKind.Any => "or", _ => "not.or" };
        foreach (var (i, part) in Parts.Index())
            part.Place(string.Create(CultureInfo.InvariantCulture, $"{path}.{list}[{i}]"), errors);
    }

    private static RuleNode Of(Predicate predicate)
    {
        RuleNode Bounded(RuleKind kind, Bounds bounds) => new() { Kind = kind, AtLeast = bounds.AtLeast, AtMost = bounds.AtMost };
        var node = predicate switch
        {
            Every => new RuleNode { Kind = RuleKind.All },
            Some => new RuleNode { Kind = RuleKind.Any },
            Not => new RuleNode { Kind = RuleKind.None },
            WordIn word => new RuleNode { Kind = KindOf(word.Attribute), Words = word.Values },
            FlagIs flag => new RuleNode { Kind = KindOf(flag.Attribute), Yes = flag.Value },
            DaysSince since => Bounded(KindOf(since.What), since.Days),
            RfmIs rfm => Bounded(KindOf(rfm.Part), rfm.Score),
            ScoreIs score => Bounded(KindOf(score.Of), new Bounds(score.Value.AtLeast * 100, score.Value.AtMost * 100)),
            InSegment segment => new RuleNode { Kind = RuleKind.Segment, Segment = segment.Key },
            Did did => Bounded(KindOf(did.What), did.Times),
            _ => throw new ArgumentOutOfRangeException(nameof(predicate)),
        };
        if (predicate is Did { Of: { } goods })
            (node.Goods, node.GoodsKey) = (goods.Kind, goods.Key);
        node.Days = (predicate as Did)?.Days;
        // "Not any of" is a group of its own.
        node.Parts.AddRange(predicate switch
        {
            Every every => every.Of.Select(Of),
            Some some => some.Of.Select(Of),
            Not { Of: Some none } => none.Of.Select(Of),
            Not not => [Of(not.Of)],
            _ => [],
        });
        return node;
    }

    private Predicate ToPredicate()
    {
        var bounds = IsShare ? new Bounds(AtLeast / 100, AtMost / 100) : new Bounds(AtLeast, AtMost);
        return Kind switch
        {
            RuleKind.All => new Every([.. Parts.Select(p => p.ToPredicate())]),
            RuleKind.Any => new Some([.. Parts.Select(p => p.ToPredicate())]),
            RuleKind.None => new Not(new Some([.. Parts.Select(p => p.ToPredicate())])),
            RuleKind.Segment => new InSegment(Segment),
            _ when IsWords => new WordIn(As<WordAttribute>(), Words),
            _ when IsFlag => new FlagIs(As<FlagAttribute>(), Yes),
            RuleKind.Joined or RuleKind.Order or RuleKind.View => new DaysSince(As<SinceWhat>(), bounds),
            _ when IsScore => new RfmIs(As<RfmPart>(), bounds),
            _ when IsShare => new ScoreIs(As<Prediction>(), bounds),
            _ => new Did(As<Doing>(), Goods is { } kind ? new Goods(kind, GoodsKey) : null, Days, bounds),
        };
    }

    public T As<T>()
        where T : struct, Enum => Enum.Parse<T>(Kind.ToString());

    private static RuleKind KindOf<T>(T value)
        where T : struct, Enum => Enum.Parse<RuleKind>(value.ToString());
}
