namespace CampaignManager.Application.ShopData.Sources;

/// <summary>The row at the end of a table that adds up those above it, as spreadsheets and some shops write it.</summary>
internal static class TotalsRow
{
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "total", "totals", "total:", "totals:", "grand total", "sum", "sum:", "subtotal", "合计", "总计", "小计", "共计", "总额",
        "合计：", "总计：", "合计:", "总计:", "gesamt", "gesamtsumme", "summe", "total général", "totale", "suma", "totaal", "итого",
    };

    /// <param name="id">What stands where others have their id.</param>
    public static bool Says(string? id) => id is not null && Words.Contains(id.Trim());
}
