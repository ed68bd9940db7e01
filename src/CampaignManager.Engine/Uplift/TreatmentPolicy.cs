using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift;

/// <summary>What a policy is worth per customer against treating no one.</summary>
/// <param name="Value">AIPW mean, in money per customer.</param>
/// <param name="StandardError">Clustered by customer.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="TreatedShare">Share of rows the policy treats.</param>
public sealed record PolicyValue(double Value, double StandardError, double Low, double High, double TreatedShare);

/// <summary>Who to treat, and what that brings on rows the model has not seen (Athey &amp; Wager 2021).</summary>
/// <param name="Margin">m: margin of an order before this discount.</param>
/// <param name="Discount">d: discount paid to every buyer.</param>
/// <param name="ContactCost">c: cost of treating a customer, bought or not.</param>
public sealed record TreatmentPolicy(double Margin, double Discount, double ContactCost)
{
    /// <summary>Treat if m·τ̂ &gt; d·μ̂1 + c.</summary>
    public bool Treats(double uplift, double mu1) => Margin * uplift > Discount * mu1 + ContactCost;

    /// <summary>Value of a choice of rows: mean over all rows of treat·(m·Γ − d·Γ1 − c).</summary>
    /// <param name="treat">The policy's choice per row; made without the row's outcome.</param>
    /// <param name="effectScores">Γ per row (<see cref="Aipw.EffectScores"/>).</param>
    /// <param name="treatedScores">Γ1 per row (<see cref="Aipw.TreatedScores"/>).</param>
    /// <param name="customers">Customer cluster per row, dense from 0.</param>
    /// <param name="level">Coverage.</param>
    /// <exception cref="ArgumentException">Lengths differ or there are no rows.</exception>
    public PolicyValue Value(ReadOnlySpan<bool> treat, ReadOnlySpan<double> effectScores, ReadOnlySpan<double> treatedScores, ReadOnlySpan<int> customers, double level = 0.95)
    {
        var n = treat.Length;
        if (n == 0 || effectScores.Length != n || treatedScores.Length != n || customers.Length != n) throw new ArgumentException("Give each row a choice, both scores and a customer.", nameof(treat));
        var gain = new double[n];
        var chosen = 0;
        double sum = 0;
        for (var i = 0; i < n; i++)
        {
            if (!treat[i]) continue;
            chosen++;
            gain[i] = Margin * effectScores[i] - Discount * treatedScores[i] - ContactCost;
            sum += gain[i];
        }
        var mean = sum / n;
        var byCustomer = new Dictionary<int, double>();
        for (var i = 0; i < n; i++)
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(byCustomer, customers[i], out _) += gain[i] - mean;
        double squares = byCustomer.Values.Sum(value => value * value), clusters = byCustomer.Count;
        var error = clusters < 2 ? double.NaN : Math.Sqrt(squares * clusters / (clusters - 1)) / n;
        var half = Normal.Quantile(0.5 + level / 2) * error;
        return new PolicyValue(mean, error, mean - half, mean + half, (double)chosen / n);
    }
}
