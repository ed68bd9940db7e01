using CampaignManager.Engine.Uplift;

namespace CampaignManager.Application.Uplift.Health;

/// <summary>How far one feature, or the score of one arm, has moved.</summary>
/// <param name="Psi">Population stability index; null where nothing can be said.</param>
public sealed record Drifted(string Name, string Label, double? Psi, double MissingThen, double MissingNow)
{
    /// <summary>Below this nothing worth a word has moved.</summary>
    public const double Steady = 0.1;

    public bool Alarm => Psi > PopulationStability.Alarm;
}

/// <summary>Why nothing can be said about drift.</summary>
public enum NoDrift
{
    /// <summary>The version was trained before profiles were kept.</summary>
    NoProfile,

    /// <summary>There is nothing newer to hold it against.</summary>
    NothingToCompare,

    /// <summary>The version's files are damaged.</summary>
    Damaged,
}

/// <summary>What a model learnt from held against what is now.</summary>
/// <param name="Rows">Customers now.</param>
/// <param name="At">When they were described, UTC; null for an experiment.</param>
/// <param name="Features">The most moved first.</param>
/// <param name="Scores">By treated arm; empty where the scores of now are not known.</param>
public sealed record DriftReport(long Rows, DateTime? At, IReadOnlyList<Drifted> Features, IReadOnlyList<Drifted> Scores, NoDrift? Why)
{
    public static DriftReport Unknown(NoDrift why) => new(0, null, [], [], why);

    public int Alarms => Features.Count(f => f.Alarm) + Scores.Count(s => s.Alarm);
}
