namespace CampaignManager.Engine.Uplift.Learners.Auto;

/// <summary>The time a fit is given. Asked by several threads.</summary>
public interface IFitTime
{
    /// <summary>Seconds since the fit began.</summary>
    double Spent { get; }

    /// <summary>Whether so many more seconds of trying, and all that comes after, fit in.</summary>
    /// <param name="seconds">Expected.</param>
    bool Fits(double seconds);

    /// <summary>Asked first when all candidates were tried once, then before every further fit: whether there is no time for another drawing of the folds.</summary>
    bool IsOut();
}
