using System.Text.Json;
using CampaignManager.Engine.Audiences.Predicates;

namespace CampaignManager.Web.Audiences;

/// <summary>What a line of the builder asks, or how a group joins its lines.</summary>
public enum RuleKind
{
    All, Any, None, Segment, Region, Channel, Device, Country, MemberTier, Tags, EmailOptIn, OptOutMarketing, Joined, Order, View, Views, Carts, Purchases, Orders, Spend, Recency, Frequency,
    Monetary, Uplift, Control,
}

/// <summary>A predicate while it is edited: it may be unfinished.</summary>
public sealed class RuleNode
{
    public RuleKind Kind { get; set; }

    public List<RuleNode> Parts { get; } = [];

    /// <summary>A segment's key, or words with commas between.</summary>
    public string Text { get; set; } = "";

    public bool Yes { get; set; } = true;

    public GoodsKind? Goods { get; set; }

    public string GoodsKey { get; set; } = "";

    public int? Days { get; set; }

    public decimal? AtLeast { get; set; }

    public decimal? AtMost { get; set; }

    public bool IsGroup => Kind <= RuleKind.None;

    public bool IsWords => Kind is >= RuleKind.Region and <= RuleKind.Tags;

    public bool IsFlag => Kind is RuleKind.EmailOptIn or RuleKind.OptOutMarketing;

    public bool IsCount => Kind is >= RuleKind.Views and <= RuleKind.Spend;

    /// <summary>Of shares people type per cent.</summary>
    public bool IsShare => Kind is RuleKind.Uplift or RuleKind.Control;

    public bool IsBounded => Kind >= RuleKind.Joined;

    public static IReadOnlyList<RuleKind> Leaves { get; } = [.. Enum.GetValues<RuleKind>().Where(k => k > RuleKind.None)];

    public static RuleNode Group(RuleKind kind = RuleKind.All) => new() { Kind = kind, Parts = { new RuleNode { Kind = RuleKind.Segment, Text = "new" } } };

    /// <summary>The predicate, or null while something is missing.</summary>
    public Predicate? Read()
    {
        using var json = JsonDocument.Parse(PredicateJson.Write(ToPredicate()));
        return PredicateJson.Read(json.RootElement, "predicate", out _);
    }

    /// <summary>For editing; the root is a group.</summary>
    public static RuleNode Root(Predicate predicate) => Of(predicate) is { IsGroup: true } group ? group : new RuleNode { Parts = { Of(predicate) } };

    private static RuleNode Of(Predicate predicate)
    {
        RuleNode Bounded(RuleKind kind, Bounds bounds) => new() { Kind = kind, AtLeast = bounds.AtLeast, AtMost = bounds.AtMost };
        var node = predicate switch
        {
            Every => new RuleNode { Kind = RuleKind.All },
            Some => new RuleNode { Kind = RuleKind.Any },
            Not => new RuleNode { Kind = RuleKind.None },
            WordIn word => new RuleNode { Kind = KindOf(word.Attribute), Text = string.Join(", ", word.Values) },
            FlagIs flag => new RuleNode { Kind = KindOf(flag.Attribute), Yes = flag.Value },
            DaysSince since => Bounded(KindOf(since.What), since.Days),
            RfmIs rfm => Bounded(KindOf(rfm.Part), rfm.Score),
            ScoreIs score => Bounded(KindOf(score.Of), new Bounds(score.Value.AtLeast * 100, score.Value.AtMost * 100)),
            InSegment segment => new RuleNode { Kind = RuleKind.Segment, Text = segment.Key },
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
            RuleKind.Segment => new InSegment(Text),
            _ when IsWords => new WordIn(As<WordAttribute>(), [.. Text.Split([',', '，', '、'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)]),
            _ when IsFlag => new FlagIs(As<FlagAttribute>(), Yes),
            RuleKind.Joined or RuleKind.Order or RuleKind.View => new DaysSince(As<SinceWhat>(), bounds),
            RuleKind.Recency or RuleKind.Frequency or RuleKind.Monetary => new RfmIs(As<RfmPart>(), bounds),
            _ when IsShare => new ScoreIs(As<Prediction>(), bounds),
            _ => new Did(As<Doing>(), Goods is { } kind ? new Goods(kind, GoodsKey) : null, Days, bounds),
        };
    }

    private T As<T>()
        where T : struct, Enum => Enum.Parse<T>(Kind.ToString());

    private static RuleKind KindOf<T>(T value)
        where T : struct, Enum => Enum.Parse<RuleKind>(value.ToString());
}
