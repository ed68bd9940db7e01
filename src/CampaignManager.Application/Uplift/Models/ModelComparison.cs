using CampaignManager.Engine.Uplift;

namespace CampaignManager.Application.Uplift.Models;

/// <summary>Why two versions cannot be compared row by row; their own figures still stand side by side.</summary>
public enum NotPaired
{
    /// <summary>They learnt from different data, or for different outcomes.</summary>
    OtherData,

    /// <summary>The arms were not drawn at random: what happened in them cannot be held against each other row by row.</summary>
    Observational,

    /// <summary>The data are not in the lake any more as they were.</summary>
    DataGone,

    /// <summary>Too few rows were held out from both.</summary>
    TooFewRows,

    /// <summary>The files of one are damaged.</summary>
    Damaged,
}

/// <summary>Both versions on the rows held out from both, for one treated arm against control.</summary>
/// <param name="ChampionCurve">Qini curve of the champion on these rows.</param>
/// <param name="ChallengerCurve">Qini curve of the challenger.</param>
public sealed record ComparedArm(string Arm, int Rows, int Treated, PairedComparison Paired, IReadOnlyList<CurvePoint> ChampionCurve, IReadOnlyList<CurvePoint> ChallengerCurve)
{
    /// <summary>The champion / challenger rule: ahead in more than this share of the draws.</summary>
    public const double Convincing = 0.9;

    public bool ChallengerWins => Paired.Deciding.ProbabilityBetter > Convincing;

    public bool ChampionWins => Paired.Deciding.ProbabilityBetter < 1 - Convincing;
}

/// <summary>Two versions side by side.</summary>
/// <param name="Champion">The one in use, or else the older.</param>
/// <param name="Challenger">The other.</param>
/// <param name="Arms">Row by row, for every arm; empty when that cannot be done.</param>
/// <param name="Why">Then why.</param>
public sealed record ModelComparison(ModelDetail Champion, ModelDetail Challenger, IReadOnlyList<ComparedArm> Arms, NotPaired? Why)
{
    /// <summary>Whether the challenger beats the champion for every arm.</summary>
    public bool ChallengerWins => Arms.Count > 0 && Arms.All(a => a.ChallengerWins);

    /// <summary>The arm for which the champion is furthest ahead, where it is ahead beyond doubt for any.</summary>
    public ComparedArm? ChampionWinsIn => Arms.Where(a => a.ChampionWins).MinBy(a => a.Paired.Deciding.ProbabilityBetter);
}
