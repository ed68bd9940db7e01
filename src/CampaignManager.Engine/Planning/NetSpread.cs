namespace CampaignManager.Engine.Planning;

/// <summary>How the draws of net profit and of its discounts vary, and vary together. Money in major units, squared.</summary>
/// <param name="Net">Variance of margin less discounts.</param>
/// <param name="Cost">Variance of the discounts.</param>
/// <param name="Both">Their covariance.</param>
internal readonly record struct NetSpread(double Net, double Cost, double Both)
{
    /// <summary>Over the model's draws.</summary>
    /// <param name="effects">The model.</param>
    /// <param name="margin">Regressors times what one unit of margin counts for.</param>
    /// <param name="discounts">Regressors times what one unit of discount counts for.</param>
    public static NetSpread Of(EffectModel effects, double[] margin, double[] discounts)
    {
        double nets = 0, costs = 0, netSquares = 0, costSquares = 0, products = 0;
        for (var b = 0; b < effects.Draws; b++)
        {
            var cost = effects.Predict(PlannerTargets.Discount, discounts, b);
            var net = effects.Predict(PlannerTargets.Margin, margin, b) - cost;
            nets += net;
            costs += cost;
            netSquares += net * net;
            costSquares += cost * cost;
            products += net * cost;
        }

        double n = effects.Draws;
        double Central(double sum, double one, double two) => (sum / n - one / n * (two / n)) * n / (n - 1);
        return new NetSpread(
            Math.Max(0, Central(netSquares, nets, nets)), Math.Max(0, Central(costSquares, costs, costs)), Central(products, nets, costs));
    }

    /// <summary>With what differs between campaigns: the discounts' part makes the net smaller as it makes the cost larger.</summary>
    /// <param name="margin">Variance of margin between campaigns.</param>
    /// <param name="cost">Variance of discounts between campaigns.</param>
    public NetSpread Plus(double margin, double cost) => new(Net + margin + cost, Cost + cost, Both - cost);
}
