using System.Globalization;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Tests.Behaviour;
using CampaignManager.Application.TrainingData;
using CampaignManager.Engine.Audiences.Predicates;

namespace CampaignManager.Application.Tests.Audiences;

/// <summary>What SQL finds in a lake is what the Engine says of each customer, one by one.</summary>
public sealed class PredicateSqlTests : IDisposable
{
    private const int Customers = 60;

    private static readonly DateTime Now = new(2026, 6, 1, 12, 0, 0, DateTimeKind.Utc);

    private readonly AShop shop = new();
    private readonly Random random = new(7);
    private readonly List<(string Customer, string Type, string Sku, DateTime At)> events = [];
    private readonly List<(string Id, string Customer, DateTime At, List<(string Sku, int Minor)> Lines)> orders = [];

    public void Dispose() => shop.Dispose();

    private static string Id(int i) => $"C-{i:D2}";

    private static string CategoryOf(string sku) => sku[0] == 's' ? "shoes" : "books/novels";

    private static string BrandOf(string sku) => sku[1] == '1' ? "one" : "two";

    [Fact]
    public async Task From_RandomPredicates_FindsWhomTheEngineFinds()
    {
        await LayAsync();
        using var connection = shop.Lake.Open();
        var counted = new CountedSql(shop.Lake, Now, shop.Lake.UnitOf("features/current.parquet"));
        var rows = shop.Rows(AudienceFacts.File, "customer_id");
        Assert.Equal(Customers, rows.Count);
        var (answered, nobody) = (0, 0);
        for (var i = 0; i < 150; i++)
        {
            var predicate = Any(3);
            var sql = new PredicateSql(predicate, counted);
            var found = connection.Query($"SELECT p.customer_id FROM {sql.From(shop.Lake.SourceOf(AudienceFacts.File))} ORDER BY 1", r => r.GetString(0));
            var expected = rows.Where(r => predicate.Holds(new Facts(this, r)) == true).Select(r => (string)r["customer_id"]!).ToList();
            Assert.True(expected.SequenceEqual(found), $"{PredicateJson.Write(predicate)}: {string.Join(" ", expected)} | {string.Join(" ", found)}");
            (answered, nobody) = (answered + (found.Count > 0 ? 1 : 0), nobody + (found.Count == 0 ? 1 : 0));

            // A bucket finds those of it.
            var one = new PredicateSql(predicate, counted, 1);
            var inBucket = connection.Query($"SELECT p.customer_id FROM {one.From(shop.Lake.SourceOf(AudienceFacts.File))} ORDER BY 1", r => r.GetString(0));
            Assert.Equal(expected.Where(c => CustomerBucket.Of(c, shop.Lake.Buckets) == 1), inBucket);
        }

        Assert.True(answered > 50 && nobody > 5, $"{answered} {nobody}");
    }

    private async Task LayAsync()
    {
        string[] skus = ["s1", "s2", "b1", "b2"];
        var people = Enumerable.Range(0, Customers).Select(i => $"('{Id(i)}',{Moment(Now.AddDays(-random.Next(1, 300)))},{Word("east", "west")},{Word("app", "web")},'phone')");
        shop.A.Put(LakeTable.Customers, string.Join(", ", people));
        shop.A.Put(LakeTable.Products, string.Join(", ", skus.Select(s => $"('{s}','{s}','{s}','{CategoryOf(s)}','{BrandOf(s)}',1000,500,NULL)")));
        for (var i = 0; i < 400; i++)
            events.Add((Id(random.Next(Customers * 3 / 4)), random.Next(3) == 0 ? "cart" : "view", skus[random.Next(4)], Now.AddHours(-random.Next(1, 3000))));
        for (var i = 0; i < 120; i++)
            orders.Add(($"O-{i}", Id(random.Next(Customers * 2 / 3)), Now.AddHours(-random.Next(1, 9000)), [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => (skus[random.Next(4)], 100 * random.Next(1, 90)))]));
        shop.A.Put(LakeTable.Events, string.Join(", ", events.Select((e, i) => $"('E-{i}','{e.Customer}','{e.Type}','{e.Sku}',1,1000,NULL,NULL,NULL,{Moment(e.At)})")));
        shop.A.Put(LakeTable.Orders, string.Join(", ", orders.Select(o => $"('{o.Id}','{o.Customer}',{Moment(o.At)},'app',{o.Lines.Sum(l => l.Minor)},0,0,{o.Lines.Sum(l => l.Minor)},NULL,0)")));
        shop.A.Put(LakeTable.OrderLines, string.Join(", ", orders.SelectMany(o => o.Lines.Select(l => $"('{o.Id}','{o.Customer}',{Moment(o.At)},'{l.Sku}','{CategoryOf(l.Sku)}',1,{l.Minor},0,NULL,0)"))));
        await shop.ComputeAsync(Now, FeatureScope.Current);

        // What only newer files of a shop's own have, some of it not known.
        using var connection = shop.Lake.Open();
        shop.Lake.WriteFile(connection, $"""
            SELECT * REPLACE (
                [NULL, 'gold', 'silver'][1 + h % 3] AS member_tier, [NULL, ['vip'], ['vip', 'staff']][1 + h % 3] AS tags, [NULL, true, false][1 + h // 3 % 3] AS email_opt_in,
                [NULL, true, false][1 + h // 9 % 3] AS opt_out_marketing, [NULL, 'CN', 'FR'][1 + h // 27 % 3] AS country, [NULL, .01, .03][1 + h // 81 % 3]::DOUBLE AS score_uplift)
            FROM (SELECT *, ('0x' || substr(sha256(customer_id), 1, 6))::INTEGER AS h FROM {shop.Lake.SourceOf(AudienceFacts.File)})
            """, "features/more.parquet");
        shop.Lake.WriteFile(connection, $"SELECT * EXCLUDE (h) FROM {shop.Lake.SourceOf("features/more.parquet")} ORDER BY customer_id", AudienceFacts.File);
    }

    private Predicate Any(int depth) => random.Next(depth > 0 ? 6 : 3) switch
    {
        3 => new Every([Any(depth - 1), Any(depth - 1)]),
        4 => new Some([Any(depth - 1), Any(depth - 1)]),
        5 => new Not(Any(depth - 1)),
        _ => Leaf(),
    };

    private Predicate Leaf() => random.Next(9) switch
    {
        0 => new WordIn(WordAttribute.MemberTier, random.Next(2) == 0 ? ["gold"] : ["gold", "silver"]),
        1 => new WordIn(WordAttribute.Tags, ["staff"]),
        2 => new WordIn(random.Next(2) == 0 ? WordAttribute.Region : WordAttribute.Country, ["east", "CN"]),
        3 => new FlagIs((FlagAttribute)random.Next(2), random.Next(2) == 0),
        4 => new DaysSince((SinceWhat)random.Next(3), new Bounds(null, random.Next(200))),
        5 => new RfmIs((RfmPart)random.Next(3), new Bounds(random.Next(1, 5), 5)),
        6 => new InSegment(((string[])["new", "active", "favourite:shoes", "uplift:top10"])[random.Next(4)]),
        7 => new ScoreIs(Prediction.Uplift, new Bounds(0.02m, null)),
        _ => new Did(
            (Doing)random.Next(5),
            random.Next(3) switch { 0 => null, 1 => new Goods(GoodsKind.Category, random.Next(2) == 0 ? "shoes" : "books"), _ => random.Next(2) == 0 ? new Goods(GoodsKind.Brand, "one") : new Goods(GoodsKind.Sku, "b2") },
            ((int?[])[null, 7, 30, 45, 90])[random.Next(5)],
            random.Next(2) == 0 ? new Bounds(random.Next(1, 4), null) : new Bounds(null, random.Next(4))),
    };

    private string Word(params string[] words) => random.Next(4) == 0 ? "NULL" : $"'{words[random.Next(words.Length)]}'";

    private static string Moment(DateTime at) => string.Create(CultureInfo.InvariantCulture, $"TIMESTAMP '{at:yyyy-MM-dd HH:mm:ss}'");

    /// <summary>Counts anew from the rows laid down, not from what SQL made of them.</summary>
    private sealed class Facts(PredicateSqlTests laid, Dictionary<string, object?> row) : ICustomerFacts
    {
        private string Id => (string)row["customer_id"]!;

        public IReadOnlyList<string>? Words(WordAttribute attribute) => attribute switch
        {
            WordAttribute.Tags => (row["tags"] as IEnumerable<string>)?.ToList(),
            WordAttribute.Region => One("c_region"),
            WordAttribute.Channel => One("c_channel"),
            WordAttribute.Device => One("c_device"),
            WordAttribute.Country => One("country"),
            WordAttribute.MemberTier => One("member_tier"),
            _ => throw new ArgumentOutOfRangeException(nameof(attribute)),
        };

        public bool? Flag(FlagAttribute attribute) => (bool?)row[attribute == FlagAttribute.EmailOptIn ? "email_opt_in" : "opt_out_marketing"];

        public double? Days(SinceWhat what) => what switch
        {
            SinceWhat.Joined => (double?)row["x_tenure_days"],
            SinceWhat.Order => Mine.Select(o => (double?)(Now - o.At).TotalDays).Min(),
            SinceWhat.View => laid.events.Where(e => e.Customer == Id && e.Type == "view").Select(e => (double?)(Now - e.At).TotalDays).Min(),
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };

        public double? Counted(Doing what, Goods? of, int? days)
        {
            bool Within(DateTime at) => days is null || at >= Now.AddDays(-days.Value);
            bool Meant(string sku) => of is null || of.Kind switch
            {
                GoodsKind.Category => CategoryOf(sku).Split('/')[0] == of.Key,
                GoodsKind.Brand => BrandOf(sku) == of.Key,
                _ => sku == of.Key,
            };
            var lines = Mine.Where(o => Within(o.At)).SelectMany(o => o.Lines.Where(l => Meant(l.Sku)).Select(l => (o.Id, l.Minor))).ToList();
            return what switch
            {
                Doing.Views => laid.events.Count(e => e.Customer == Id && e.Type == "view" && Within(e.At) && Meant(e.Sku)),
                Doing.Carts => laid.events.Count(e => e.Customer == Id && e.Type == "cart" && Within(e.At) && Meant(e.Sku)),
                Doing.Purchases => lines.Count,
                Doing.Orders => lines.Select(l => l.Id).Distinct().Count(),
                Doing.Spend => lines.Sum(l => l.Minor) / 100.0,
                _ => throw new ArgumentOutOfRangeException(nameof(what)),
            };
        }

        public int? Score(RfmPart part) => (int?)row[part switch { RfmPart.Recency => "rfm_recency", RfmPart.Frequency => "rfm_frequency", _ => "rfm_monetary" }];

        public bool IsIn(string segment) => segment == (string?)row["c_lifecycle"] || segment == "favourite:" + (string?)row["c_favourite"];

        public double? Predicted(Prediction of) => (double?)row[of == Prediction.Uplift ? "score_uplift" : "score_control"];

        private IEnumerable<(string Id, string Customer, DateTime At, List<(string Sku, int Minor)> Lines)> Mine => laid.orders.Where(o => o.Customer == Id);

        private List<string>? One(string column) => row[column] is string text ? [text] : null;
    }
}
