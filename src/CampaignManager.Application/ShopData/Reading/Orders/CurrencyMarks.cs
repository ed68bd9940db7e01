using CampaignManager.Application.ShopData.Values;
using CampaignManager.Engine.Money;

namespace CampaignManager.Application.ShopData.Reading.Orders;

/// <summary>What a file's currency says of amounts that can be read in two ways.</summary>
internal static class CurrencyMarks
{
    /// <param name="columns">Of the file.</param>
    /// <param name="said">Currencies that stand in it; other words are none.</param>
    /// <param name="otherwise">What somebody chose, where it says none itself.</param>
    public static void Decide(IEnumerable<Judged> columns, IEnumerable<string> said, string? otherwise)
    {
        var currencies = Known(said);
        if (currencies.Count == 0 && otherwise is not null)
            currencies = Known([otherwise]);
        List<AmountColumn> money = [.. columns.Where(c => !c.IsQuantity).Select(c => c.Amount).OfType<AmountColumn>()];
        var elsewhere = money.Find(m => m.IsSure)?.Mark;
        foreach (var column in money)
            column.DecideBy(currencies, elsewhere);
    }

    private static List<Currency> Known(IEnumerable<string> codes) =>
        [.. codes.Distinct().Select(c => Currency.TryGet(c, out var known) ? known : null).OfType<Currency>()];
}
