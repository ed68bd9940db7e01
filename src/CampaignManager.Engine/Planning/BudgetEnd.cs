namespace CampaignManager.Engine.Planning;

/// <summary>When a budget is used up at the predicted pace, which is taken as even over the days.</summary>
/// <param name="Days">Days until then; null when it lasts.</param>
/// <param name="EarliestDays">The same at the upper end of the discounts' interval; null when it lasts even then.</param>
/// <param name="PerDay">Discounts a day.</param>
public sealed record BudgetEnd(double? Days, double? EarliestDays, double PerDay)
{
    /// <summary>Works it out.</summary>
    /// <param name="left">What is left of the budget, ≥ 0.</param>
    /// <param name="cost">Discounts expected over the days.</param>
    /// <param name="high">Upper end of their interval.</param>
    /// <param name="days">Days over which they are given, positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">No days.</exception>
    public static BudgetEnd Of(double left, double cost, double high, double days)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(days);
        double? Until(double discounts) => discounts > left ? days * Math.Max(0, left) / discounts : null;
        return new BudgetEnd(Until(cost), Until(Math.Max(cost, high)), cost / days);
    }
}
