using CampaignManager.Application.Lake;

namespace CampaignManager.Application.ShopData.Quality;

/// <summary>What is looked at in a table.</summary>
/// <param name="Needed">Columns that readers rely on, and how a value is known to be missing.</param>
/// <param name="Numbers">Columns with amounts and counts: outliers and drift.</param>
/// <param name="Words">Columns with names: drift.</param>
/// <param name="Same">What two rows of the same happening have in common; null where equal rows may well be two happenings.</param>
internal sealed record WatchedTable(
    LakeTable Table, string? Time, IReadOnlyList<string> Needed, IReadOnlyList<string> Numbers, IReadOnlyList<string> Words, string? Same = null)
{
    public static readonly IReadOnlyList<WatchedTable> All =
    [
        new(LakeTable.Customers, "joined_at", ["joined_at", "region", "channel"], [], ["region", "channel", "device", "member_tier"]),
        new(LakeTable.Products, null, ["category", "brand", "price_minor", "unit_cost_minor"], [], []),
        new(LakeTable.Events, "at", ["customer_id", "sku"], ["quantity", "unit_price_minor"], ["type"], "coalesce(customer_id, anonymous_id), type, sku, order_id, \"at\""),
        new(LakeTable.Orders, "at", ["customer_id", "region", "channel", "total_minor"], ["total_minor", "discount_minor"], ["status", "channel", "region", "currency"],
            "customer_id, total_minor, \"at\""),
        new(LakeTable.OrderLines, "at", ["sku", "category", "unit_price_minor", "unit_cost_minor"], ["quantity", "unit_price_minor", "discount_minor"], ["category"]),
        new(LakeTable.Refunds, "at", [], ["goods_minor"], []),
        new(LakeTable.Exposures, "assigned_at", ["propensity"], [], ["arm"]),
    ];

    /// <summary>Days without a row mean that something did not arrive.</summary>
    public bool HasDays => Table == LakeTable.Orders || Table == LakeTable.Events;

    public bool Is(LakeTable table) => Table == table;

    /// <summary>A column as SQL; a guest is nobody known.</summary>
    public static string Sql(string column) =>
        column == "customer_id" ? $"CASE WHEN NOT starts_with(customer_id, '{DataLake.GuestPrefix}') THEN customer_id END" : $"\"{column}\"";
}
