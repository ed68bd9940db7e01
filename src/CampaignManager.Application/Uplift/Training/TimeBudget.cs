using CampaignManager.Engine.Uplift.Learners.Auto;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>
/// The time a run was given, from its start to its end. Where it is short, <c>auto</c> leaves out the candidates that take longest, and draws the folds again only where that
/// and all that comes after still fits in: the last fits, judging and saving took .3 to .8 of a drawing's time where it was measured, so they are given one.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="started">Timestamp of the run's start.</param>
/// <param name="seconds">What was given.</param>
internal sealed class TimeBudget(TimeProvider time, long started, double seconds)
{
    /// <summary>What comes after the drawings, in drawings: of this arm, and of each arm that has not been begun.</summary>
    private const double Rest = 1, OtherArm = 2;

    /// <param name="armsLeft">Arms that are fitted after this one.</param>
    public IFitTime OfArm(int armsLeft) => new ArmTime(this, time, armsLeft);

    private bool Allows(double moreSeconds) => time.GetElapsedTime(started).TotalSeconds + moreSeconds <= seconds;

    private sealed class ArmTime(TimeBudget budget, TimeProvider time, int armsLeft) : IFitTime
    {
        private readonly long begun = time.GetTimestamp();
        private double? drawing;

        public double Spent => time.GetElapsedTime(begun).TotalSeconds;

        public bool Fits(double seconds) => budget.Allows(seconds + (Spent + seconds) * (Rest + armsLeft * OtherArm));

        public bool IsOut()
        {
            var toCome = drawing is null ? 1 + Rest : Rest;
            var one = drawing ??= Spent;
            return !budget.Allows(one * (toCome + armsLeft * OtherArm));
        }
    }
}
