namespace CampaignManager.Engine.Uplift.Learners.Network;

/// <summary>An average of Dragonnets, its effect drawn towards the average effect as far as held-out rows demand: τ = effect + slope·(τ̂ − centre).</summary>
/// <param name="Scaler">Inputs.</param>
/// <param name="Shape">Of every member.</param>
/// <param name="Members">Parameters of every member.</param>
/// <param name="Binary">Logistic heads.</param>
/// <param name="Mean">Outcome at head 0, for money.</param>
/// <param name="Spread">Outcome units a unit of the head, for money.</param>
/// <param name="Effect">Average effect by the training rows' AIPW scores.</param>
/// <param name="Centre">Mean of the members' τ̂ on the same rows.</param>
/// <param name="Slope">How much of the members' spread is kept, 0.1..1.</param>
public sealed record DragonnetModel(FeatureScaler Scaler, NetworkShape Shape, float[][] Members, bool Binary, double Mean, double Spread, double Effect, double Centre, double Slope) : UpliftModel
{
    /// <inheritdoc/>
    public override void Score(FeatureMatrix x, ReadOnlySpan<int> rows, Span<double> mu0, Span<double> mu1)
    {
        Heads(x, rows, mu0, mu1);
        for (var i = 0; i < rows.Length; i++)
        {
            var treated = mu0[i] + Effect + Slope * (mu1[i] - mu0[i] - Centre);
            mu1[i] = Binary ? Math.Clamp(treated, 0, 1) : treated;
        }
    }

    /// <summary>The members' own heads, averaged over those wanted, before anything is drawn to the average effect.</summary>
    internal void Heads(FeatureMatrix x, ReadOnlySpan<int> rows, Span<double> mu0, Span<double> mu1, Func<int, int, bool>? wanted = null)
    {
        var block = new NetworkBlock(Shape);
        mu0.Clear();
        mu1.Clear();
        Span<int> voices = stackalloc int[NetworkBlock.Rows];
        for (var from = 0; from < rows.Length; from += NetworkBlock.Rows)
        {
            var part = rows.Slice(from, Math.Min(NetworkBlock.Rows, rows.Length - from));
            voices.Clear();
            block.Read(x, Scaler, part);
            for (var m = 0; m < Members.Length; m++)
            {
                block.Forward(Members[m], part.Length);
                var heads = block.Outputs(part.Length);
                for (var i = 0; i < part.Length; i++)
                {
                    if (wanted is not null && !wanted(m, part[i])) continue;
                    voices[i]++;
                    mu0[from + i] += Outcome(heads[i * DragonnetLoss.Heads]);
                    mu1[from + i] += Outcome((double)heads[i * DragonnetLoss.Heads] + heads[i * DragonnetLoss.Heads + 1]);
                }
            }
            for (var i = 0; i < part.Length; i++)
            {
                mu0[from + i] /= voices[i];
                mu1[from + i] /= voices[i];
            }
        }
    }

    private double Outcome(double head) => Binary ? DragonnetLoss.Sigmoid(head) : Mean + Spread * head;
}
