using CampaignManager.Engine.Uplift.Learners.Propensity;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>How far one treated arm's customers and control's are alike, in data that were not randomised.</summary>
/// <param name="Rows">Rows of the arm and of control before any were left out.</param>
/// <param name="Dropped">Of them left out: customers of that kind were nearly all, or nearly never, in one of the arms.</param>
/// <param name="DroppedTreated">Of those left out, rows of the arm itself.</param>
/// <param name="Smallest">Smallest estimated propensity kept.</param>
/// <param name="Largest">Largest kept.</param>
/// <param name="Form">What the propensity was estimated with.</param>
/// <param name="LogLoss">Of the propensity, on customers its fit had not seen.</param>
/// <param name="ConstantLogLoss">The same if all were given the arm's share: how much the features tell of the arm.</param>
public sealed record ArmOverlap(
    string Arm, int Rows, int Dropped, int DroppedTreated, double Smallest, double Largest, PropensityForm Form, double LogLoss, double ConstantLogLoss)
{
    public double DroppedShare => Rows == 0 ? 0 : (double)Dropped / Rows;
}
