namespace CampaignManager.Engine.Uplift.Learners;

/// <summary>How a fit spreads over threads.</summary>
internal static class Threads
{
    /// <summary>As many at once as the fit may use.</summary>
    public static ParallelOptions Of(FitContext context) => new() { MaxDegreeOfParallelism = Math.Max(1, context.Threads), CancellationToken = context.Token };

    /// <summary>For work that is itself one of several at once.</summary>
    public static FitContext One(FitContext context) => context with { Threads = 1 };
}
