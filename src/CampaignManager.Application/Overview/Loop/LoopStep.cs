using CampaignManager.Application.Jobs;

namespace CampaignManager.Application.Overview.Loop;

/// <summary>The loop, in its order: the last leads back to the first models.</summary>
public enum LoopStage
{
    Data,
    Cleaning,
    Features,
    Models,
    Predictions,
    Campaigns,
    Results,
    Feedback,
}

public enum LoopState
{
    /// <summary>Nothing yet, and nothing wrong: the stages before it come first.</summary>
    Empty,
    Fine,

    /// <summary>A job of the stage waits or runs.</summary>
    Working,

    /// <summary>Somebody should look.</summary>
    Care,

    /// <summary>Its last run failed, or what comes after it rests on what is not so.</summary>
    Failed,
}

/// <summary>What a click can start.</summary>
public enum LoopAction
{
    CheckQuality,
    ComputeFeatures,
    ScoreCustomers,
}

/// <summary>Something that is wrong, and what mends it.</summary>
/// <param name="Code">Kebab-case; pages have words for it.</param>
/// <param name="Count">How many, where it is a number of things.</param>
/// <param name="Href">Where it is mended; with an action, where more is said.</param>
/// <param name="Action">What mends it at once; null where a person has to look.</param>
/// <param name="Grave">What comes after rests on what is not so.</param>
public sealed record LoopTrouble(string Code, long Count, string Href, LoopAction? Action = null, bool Grave = false);

/// <summary>A run of one of the stage's jobs.</summary>
public sealed record LoopRun(Guid Id, string Kind, JobState State, DateTime At);

/// <summary>One stage.</summary>
/// <param name="Fresh">UTC; up to when what it holds is true. Null while it holds nothing.</param>
/// <param name="Count">Of what it holds: orders, sources, customers, versions, customers scored, live campaigns, campaigns measured, customers to learn from.</param>
/// <param name="Last">The newest run of its jobs.</param>
/// <param name="Next">UTC; when the next one falls due.</param>
/// <param name="Href">Its page.</param>
/// <param name="Troubles">The worst first.</param>
public sealed record LoopStep(
    LoopStage Stage, LoopState State, DateTime? Fresh, long Count, LoopRun? Last, DateTime? Next, string Href, IReadOnlyList<LoopTrouble> Troubles);
