namespace CampaignManager.Application.Uplift.Training;

/// <summary>
/// The time a run was given, from its start to its end. <c>auto</c> draws the folds again only where that and all that comes after still
/// fits in: the last
/// fits, judging and saving took .3 to .8 of a drawing's time where it was measured, so they are given one.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="started">Timestamp of the run's start.</param>
/// <param name="seconds">What was given.</param>
internal sealed class TimeBudget(TimeProvider time, long started, double seconds)
{
    /// <summary>What comes after the drawings, in drawings: of this arm, and of each arm that has not been begun.</summary>
    private const double Rest = 1, OtherArm = 2;

    /// <summary>Asked first when an arm's first drawing is done, then after every split of another one: whether to stop.</summary>
    /// <param name="armsLeft">Arms that are fitted after this one.</param>
    public Func<bool> OutOfTime(int armsLeft)
    {
        var begun = time.GetTimestamp();
        TimeSpan? drawing = null;
        return () =>
        {
            var toCome = drawing is null ? 1 + Rest : Rest;
            drawing ??= time.GetElapsedTime(begun);
            return time.GetElapsedTime(started).TotalSeconds + drawing.Value.TotalSeconds * (toCome + armsLeft * OtherArm) > seconds;
        };
    }
}
