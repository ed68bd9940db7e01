namespace CampaignManager.Application.Lake;

public sealed partial record LakeTable
{
    /// <summary>
    /// Where a row comes from, in every table: the shop's system, the import and its line, when the shop said so, which import of the lake that was (a later one has a
    /// higher version), whether it takes the key away, and a hash of what it says.
    /// </summary>
    private static readonly LakeColumn[] Origin =
    [
        new("source", "VARCHAR", "''"), new("import_id", "VARCHAR"), new("row", "BIGINT"), new("known_at", "TIMESTAMP"), new("version", "BIGINT", "1"),
        new("deleted", "BOOLEAN", "false"), new("content_hash", "BIGINT"),
    ];

    /// <summary>A customer is known by a file, by the first order or by the first event (<c>joined_from</c>); what a file says goes before.</summary>
    public static readonly LakeTable Customers = new("customers", LakePartition.Bucket, Of(
        "customer_id VARCHAR", "joined_at TIMESTAMP", "region VARCHAR", "channel VARCHAR", "device VARCHAR"))
    {
        Key = ["customer_id"],
        Merge = LakeMerge.ByColumn,
        Added =
        [
            new("joined_from", "VARCHAR", "'file'"),
            .. Of("country VARCHAR", "email_opt_in BOOLEAN", "opt_out_marketing BOOLEAN", "opt_out_personalisation BOOLEAN", "member_tier VARCHAR",
                "tags VARCHAR[]"),
        ],
    };

    /// <summary><c>named_from</c>: a product list (<c>file</c>) goes before what order lines call the goods (<c>line</c>).</summary>
    public static readonly LakeTable Products = new("products", LakePartition.Single, Of(
        "sku VARCHAR", "name_en VARCHAR", "name_zh VARCHAR", "category VARCHAR", "brand VARCHAR", "price_minor BIGINT", "unit_cost_minor BIGINT"))
    {
        Key = ["sku"],
        Merge = LakeMerge.ByColumn,
        Added =
        [
            new("named_from", "VARCHAR", "'file'"),
            .. Of("product_id VARCHAR", "category_path VARCHAR[]", "currency VARCHAR", "compare_at_minor BIGINT", "status VARCHAR", "description VARCHAR",
                "image_url VARCHAR", "url VARCHAR", "visible BOOLEAN", "stock_on_hand INTEGER"),
        ],
    };

    public static readonly LakeTable ProductAttributes = new("product_attributes", LakePartition.Single, Of(
        "sku VARCHAR", "key VARCHAR", "number DOUBLE", "unit VARCHAR", "text_en VARCHAR", "text_zh VARCHAR"))
    { Key = ["sku"] };

    public static readonly LakeTable Events = new("events", LakePartition.QuarterAndBucket, Of(
        "event_id VARCHAR", "customer_id VARCHAR", "type VARCHAR", "sku VARCHAR", "quantity INTEGER", "unit_price_minor BIGINT",
        "order_id VARCHAR", "rating INTEGER", "text VARCHAR", "at TIMESTAMP"), "at")
    {
        Key = ["source", "event_id"],
        Person = "coalesce(customer_id, anonymous_id)",
        Added = [.. Of("anonymous_id VARCHAR", "currency VARCHAR", "campaign_id VARCHAR", "received_at TIMESTAMP"), new("robot", "BOOLEAN", "false")],
    };

    /// <summary><c>total = list − discount + shipping</c>. A waived shipping fee is in discount; <c>campaign_discount_minor</c> is the campaign's part of it.
    /// Only <c>counted</c> ones are purchases: read them through <see cref="DataLake.CountedOrders"/>.</summary>
    public static readonly LakeTable Orders = new("orders", LakePartition.QuarterAndBucket, Of(
        "order_id VARCHAR", "customer_id VARCHAR", "at TIMESTAMP", "channel VARCHAR", "list_minor BIGINT", "discount_minor BIGINT",
        "shipping_minor BIGINT", "total_minor BIGINT", "campaign_id VARCHAR", "campaign_discount_minor BIGINT"), "at")
    {
        Key = ["source", "order_id"],
        Added =
        [
            .. Of("number VARCHAR"), new("status", "VARCHAR", "'counted'"),
            .. Of("status_at TIMESTAMP", "paid_at TIMESTAMP", "region VARCHAR", "currency VARCHAR", "tax_minor BIGINT", "tax_included BOOLEAN",
                "discount_codes VARCHAR[]"),
            new("has_lines", "BOOLEAN", "true"), new("adds_up", "BOOLEAN"),
        ],
    };

    /// <summary>Read them through <see cref="DataLake.CountedLines"/>.</summary>
    public static readonly LakeTable OrderLines = new("order_lines", LakePartition.QuarterAndBucket, Of(
        "order_id VARCHAR", "customer_id VARCHAR", "at TIMESTAMP", "sku VARCHAR", "category VARCHAR", "quantity INTEGER",
        "unit_price_minor BIGINT", "discount_minor BIGINT", "unit_cost_minor BIGINT", "campaign_discount_minor BIGINT"), "at")
    {
        Key = ["source", "order_id"],
        Added =
        [
            .. Of("line_no INTEGER", "product_id VARCHAR", "discount_from VARCHAR", "goods_minor BIGINT"), new("status", "VARCHAR", "'counted'"),
        ],
    };

    /// <summary>Beside their order's bucket, whenever they were.</summary>
    public static readonly LakeTable Refunds = new("refunds", LakePartition.Bucket, Of(
        "refund_id VARCHAR", "order_id VARCHAR", "line_no INTEGER", "customer_id VARCHAR", "at TIMESTAMP", "at_from VARCHAR", "quantity INTEGER",
        "goods_minor BIGINT", "shipping_minor BIGINT", "tax_minor BIGINT"), "at")
    { Key = ["source", "order_id"] };

    /// <summary>
    /// Who is in an experiment: the arm (0 control, 1 the current offer, 2 and on its variants), the chance of it, and the id that the arm was drawn over. A customer is in
    /// an epoch once. What a shop tells of its own campaigns, and what was there before epochs, is the campaign's epoch 1.
    /// </summary>
    public static readonly LakeTable Exposures = new("exposures", LakePartition.CampaignAndBucket, Of(
        "campaign_id VARCHAR", "customer_id VARCHAR", "assigned_at TIMESTAMP", "arm INTEGER", "propensity DOUBLE"), "assigned_at")
    {
        Key = ["experiment_id", "epoch", "customer_id"],
        Added =
        [
            new("randomised", "BOOLEAN", "true"), .. Of("contacted_at TIMESTAMP"),
            new("experiment_id", "VARCHAR", "campaign_id", IsLate: true), new("epoch", "INTEGER", "1", IsLate: true), new("version_id", "VARCHAR", IsLate: true),
            new("assignment_id", "VARCHAR", "customer_id", IsLate: true), new("risk", "DOUBLE", IsLate: true),
        ],
    };

    /// <summary>Offers that stacked on an order.</summary>
    public static readonly LakeTable OrderCampaigns = new("order_campaigns", LakePartition.QuarterAndBucket, Of(
        "order_id VARCHAR", "customer_id VARCHAR", "at TIMESTAMP", "line_no INTEGER", "campaign_id VARCHAR", "discount_minor BIGINT"), "at")
    { Key = ["source", "order_id"] };

    /// <summary>Ids that turned out to be the same person; an anonymous id of a browser is one of the kinds.</summary>
    public static readonly LakeTable Aliases = new("aliases", LakePartition.Single, Of(
        "from_id VARCHAR", "customer_id VARCHAR", "kind VARCHAR", "at TIMESTAMP"), "at")
    { Key = ["from_id"] };

    public static readonly IReadOnlyList<LakeTable> All =
        [Customers, Products, ProductAttributes, Events, Orders, OrderLines, Refunds, Exposures, OrderCampaigns, Aliases];

    /// <summary>The columns that files outside the catalogue do not have.</summary>
    public IReadOnlyList<LakeColumn> Later =>
        [.. Added, .. Origin.Select(c => c.Name == "known_at" ? c with { Otherwise = Known } : c)];

    /// <summary>All columns but those of the folders.</summary>
    public IEnumerable<LakeColumn> Whole => Columns.Concat(Later);

    private string Known => Time is not null ? $"\"{Time}\"" : Columns.Any(c => c.Name == "joined_at") ? "joined_at" : "TIMESTAMP '1970-01-01'";
}
