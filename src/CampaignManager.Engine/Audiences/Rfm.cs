using System.Globalization;

namespace CampaignManager.Engine.Audiences;

/// <summary>How recently, how often and for how much a customer bought: a fifth of the shop's customers each, 5 the best.</summary>
/// <param name="Recency">1..5; 5 bought last.</param>
/// <param name="Frequency">1..5; 5 bought most often.</param>
/// <param name="Monetary">1..5; 5 spent most.</param>
public readonly record struct RfmScore(int Recency, int Frequency, int Monetary)
{
    /// <summary>The three digits as people write them: <c>555</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Recency}{Frequency}{Monetary}");
}

/// <summary>
/// RFM by quintiles (Hughes 1994) over everybody who ever ordered: days since the last order, orders so far, money spent so far, net of discounts. The four cuts of a figure are its
/// values at the ranks ⌈n·k/5⌉, k = 1..4, counted from the worst; a score is 1 + the number of cuts that lie below the value. Equal values have equal scores, so fifths need not be of
/// equal size: where most ordered once, most have the lowest frequency. Who never ordered has no scores. Where data is asked in SQL, the same stands once more; a test holds the two together.
/// </summary>
/// <param name="RecencyDays">Cuts of the days since the last order, from long ago to lately, so descending.</param>
/// <param name="Orders">Cuts of the number of orders, ascending.</param>
/// <param name="Spent">Cuts of the money spent, ascending.</param>
public sealed record Rfm(IReadOnlyList<double> RecencyDays, IReadOnlyList<double> Orders, IReadOnlyList<double> Spent)
{
    /// <summary>Scores run from 1 to this.</summary>
    public const int Fifths = 5;

    /// <summary>The cuts of a shop's customers.</summary>
    /// <param name="recencyDays">Days since the last order, one a customer who ordered; need not be sorted.</param>
    /// <param name="orders">Their orders so far.</param>
    /// <param name="spent">What they spent so far.</param>
    /// <exception cref="ArgumentException">Not as many of each, or none.</exception>
    public static Rfm Of(IEnumerable<double> recencyDays, IEnumerable<double> orders, IEnumerable<double> spent)
    {
        double[] days = [.. recencyDays.OrderDescending()], often = [.. orders.Order()], money = [.. spent.Order()];
        if (days.Length == 0 || days.Length != often.Length || days.Length != money.Length)
            throw new ArgumentException("Give as many days, orders and amounts, one each for every customer who ordered.", nameof(recencyDays));
        return new Rfm(Cuts(days), Cuts(often), Cuts(money));
    }

    /// <summary>The scores of a customer who ordered.</summary>
    public RfmScore Score(double recencyDays, double orders, double spent) =>
        new(1 + RecencyDays.Count(cut => cut > recencyDays), 1 + Orders.Count(cut => cut < orders), 1 + Spent.Count(cut => cut < spent));

    private static double[] Cuts(double[] worstFirst) => [.. Enumerable.Range(1, Fifths - 1).Select(k => worstFirst[(worstFirst.Length * k + Fifths - 1) / Fifths - 1])];
}
