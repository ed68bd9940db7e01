using System.Globalization;
using CampaignManager.Application.Lake;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Demo;

/// <summary>What the shop's product list says of a product beside name, price and cost; money in minor units.</summary>
/// <param name="CompareAt">The price crossed out beside its own; null for most.</param>
/// <param name="EarlyCost">What it cost before suppliers put up their prices; its cost now where they did not.</param>
/// <param name="Grams">Weight.</param>
internal sealed record DemoGoods(DemoProduct Product, long? CompareAt, long? EarlyCost, int Grams, int Colour, int Stock)
{
    /// <summary>Days before the end on which costs rose.</summary>
    public const int CostsRoseBefore = 150;

    private static readonly (string En, string Zh)[] Colours =
    [
        ("white", "白色"), ("black", "黑色"), ("grey", "灰色"), ("green", "绿色"), ("blue", "蓝色"), ("beige", "米色"), ("red", "红色"), ("yellow", "黄色"),
    ];

    public static DemoGoods Of(long seed, DemoProduct product)
    {
        var random = DemoRandom.For(seed, Streams.Goods, product.Index);
        var dearer = product.Price * (1.12 + (0.4 * random.Uniform()));
        long? compare = random.Chance(0.25) ? ((long)Math.Round(dearer / 1000) * 1000) - 100 : null;
        var rise = random.Chance(0.4) ? 0.88 + (0.09 * random.Uniform()) : 1;
        long? early = product.UnitCost is { } cost ? (long)Math.Round(cost * rise) : null;
        if (compare <= product.Price)
            compare = null;
        return new DemoGoods(product, compare, early, 10 * (5 + random.Below(200)), random.Below(Colours.Length), random.Below(400));
    }

    public static void Write(DemoWorld world, DemoImport import)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        connection.Run("""
            CREATE TEMP TABLE goods (
                sku VARCHAR, name_en VARCHAR, name_zh VARCHAR, category VARCHAR, brand VARCHAR, price BIGINT, early BIGINT, cost BIGINT,
                compare BIGINT, description VARCHAR, stock INTEGER);
            CREATE TEMP TABLE attributes (sku VARCHAR, key VARCHAR, number DOUBLE, unit VARCHAR, text_en VARCHAR, text_zh VARCHAR);
            """);
        using (var rows = connection.CreateAppender("goods"))
        using (var attributes = connection.CreateAppender("attributes"))
        {
            foreach (var goods in world.Goods)
                goods.Append(world, rows, attributes);
        }

        var (from, rose) = (DataLake.Moment(world.Calendar.Origin), DataLake.Moment(world.CostsRose));
        import.Add(connection, LakeTable.Products, $"""
            SELECT sku, sku AS product_id, name_en, name_zh, category, [category] AS category_path, brand, price AS price_minor,
                   early AS unit_cost_minor, 'CNY' AS currency, compare AS compare_at_minor, 'active' AS status, description,
                   true AS visible, stock AS stock_on_hand, 'file' AS named_from, {from} AS known_at, {import.History}
            FROM goods
            """, "0");
        import.Add(connection, LakeTable.Products, $"""
            SELECT sku, cost AS unit_cost_minor, 'file' AS named_from, {rose} AS known_at, {import.Costs} FROM goods WHERE cost <> early
            """, "1");
        import.Add(connection, LakeTable.ProductAttributes, $"SELECT *, {from} AS known_at, {import.History} FROM attributes", "0");
    }

    private void Append(DemoWorld world, DuckDBAppender rows, DuckDBAppender attributes)
    {
        var (noun, adjective) = DemoWords.Categories[Product.Category].Of(Product.Index % DemoCatalog.PerCategory);
        var colour = Colours[Colour];
        var weight = Grams.ToString(CultureInfo.InvariantCulture);
        var english = $"{Product.NameEn}, {colour.En}, {weight} g. Sent within two days, free returns within seven.";
        var chinese = $"{Product.NameZh}，{colour.Zh}，约 {weight} 克。48 小时内发货，七天无理由退货。";
        rows.CreateRow().AppendValue(Product.Sku).AppendValue(Product.NameEn).AppendValue(Product.NameZh)
            .AppendValue(world.Catalog.Keys[Product.Category]).AppendValue(Product.Brand).AppendValue(Product.Price).AppendValue(EarlyCost)
            .AppendValue(Product.UnitCost).AppendValue(CompareAt).AppendValue(chinese).AppendValue(Stock).EndRow();
        Text("type", noun.En, noun.Zh);
        Text("feature", adjective.En, adjective.Zh);
        Text("colour", colour.En, colour.Zh);
        Text("description", english, chinese);
        attributes.CreateRow().AppendValue(Product.Sku).AppendValue("weight").AppendValue((double)Grams).AppendValue("g")
            .AppendNullValue().AppendNullValue().EndRow();

        void Text(string key, string en, string zh) => attributes.CreateRow().AppendValue(Product.Sku).AppendValue(key)
            .AppendNullValue().AppendNullValue().AppendValue(en).AppendValue(zh).EndRow();
    }
}
