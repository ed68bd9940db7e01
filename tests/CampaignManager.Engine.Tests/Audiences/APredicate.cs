using CampaignManager.Engine.Audiences.Predicates;

namespace CampaignManager.Engine.Tests.Audiences;

/// <summary>Predicates and customers at random, from a seed.</summary>
internal sealed class APredicate(int seed)
{
    private static readonly string[] Words = ["a", "b", "c"];
    private readonly Random random = new(seed);

    public Predicate Any(int depth = 3) => random.Next(depth > 0 ? 6 : 3) switch
    {
        3 => new Every(Several(depth)),
        4 => new Some(Several(depth)),
        5 => new Not(Any(depth - 1)),
        _ => Leaf(),
    };

    public Condition Leaf() => random.Next(7) switch
    {
        0 => new WordIn(Pick<WordAttribute>(), [.. Words.Take(random.Next(1, 3))]),
        1 => new FlagIs(Pick<FlagAttribute>(), random.Next(2) == 0),
        2 => new DaysSince(Pick<SinceWhat>(), Bounds(100)),
        3 => new Did(Pick<Doing>(), random.Next(2) == 0 ? null : new Goods(Pick<GoodsKind>(), Words[random.Next(3)]), random.Next(2) == 0 ? null : 30, Bounds(5)),
        4 => new RfmIs(Pick<RfmPart>(), Bounds(5, least: 1)),
        5 => new InSegment(random.Next(2) == 0 ? "new" : "favourite:shoes"),
        _ => new ScoreIs(Pick<Prediction>(), new Bounds(0.01m, null)),
    };

    public Facts Customer() => new(random.Next(1 << 30));

    private List<Predicate> Several(int depth) => [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Any(depth - 1))];

    private T Pick<T>()
        where T : struct, Enum => Enum.GetValues<T>()[random.Next(Enum.GetValues<T>().Length)];

    private Bounds Bounds(int most, int least = 0)
    {
        var low = random.Next(least, most + 1);
        return random.Next(3) switch { 0 => new Bounds(low, null), 1 => new Bounds(null, low), _ => new Bounds(low, random.Next(low, most + 1)) };
    }

    /// <summary>A third of everything is not known; the rest hangs on the seed and the question alone.</summary>
    internal sealed class Facts(int seed) : ICustomerFacts
    {
        public IReadOnlyList<string>? Words(WordAttribute attribute) => Roll(attribute) is { } roll ? [APredicate.Words[roll % 3]] : null;

        public bool? Flag(FlagAttribute attribute) => Roll(attribute) is { } roll ? roll % 2 == 0 : null;

        public double? Days(SinceWhat what) => Roll(what) % 120;

        public double? Counted(Doing what, Goods? of, int? days) => Roll((what, of, days)) % 6;

        public int? Score(RfmPart part) => Roll(part) is { } roll ? 1 + (roll % 5) : null;

        public bool IsIn(string segment) => (Roll(segment) ?? 0) % 2 == 0;

        public double? Predicted(Prediction of) => Roll(of) % 100 / 1000.0;

        private int? Roll(object question)
        {
            var rolled = new Random(seed ^ string.Join("", question).Aggregate(17, (hash, c) => (hash * 31) + c)).Next(3000);
            return rolled < 1000 ? null : rolled;
        }
    }
}
