namespace CampaignManager.Engine.Uplift.Learners.Propensity;

/// <summary>What an estimated propensity is made of.</summary>
public enum PropensityForm
{
    /// <summary>Penalised logistic regression.</summary>
    Logistic,

    /// <summary>Boosted trees.</summary>
    Trees,

    /// <summary>The mean of both.</summary>
    Average,
}

/// <summary>An estimated P(treated | x).</summary>
/// <param name="Form">What it is made of.</param>
/// <param name="Logistic">The regression; null where trees stand alone.</param>
/// <param name="Trees">The trees; null where the regression stands alone.</param>
public sealed record PropensityModel(PropensityForm Form, RowScorer? Logistic, RowScorer? Trees)
{
    /// <summary>P(treated) of one encoded row.</summary>
    public double Score(ReadOnlySpan<float> row) =>
        Logistic is null ? Trees!.Score(row) : Trees is null ? Logistic.Score(row) : (Logistic.Score(row) + Trees.Score(row)) / 2;
}

/// <summary>Cross-fitted propensities of all rows.</summary>
/// <param name="Values">P(treated) per row of the table, from a fit that did not see the row's customer.</param>
/// <param name="Form">What was chosen on all training rows; each fold chooses for itself.</param>
/// <param name="LogLoss">Mean −ln P(own arm) of the training rows of both arms.</param>
/// <param name="ConstantLogLoss">The same when every row is given the treated share.</param>
public sealed record CrossFittedPropensity(double[] Values, PropensityForm Form, double LogLoss, double ConstantLogLoss);
