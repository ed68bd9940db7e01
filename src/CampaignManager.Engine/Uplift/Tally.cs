namespace CampaignManager.Engine.Uplift;

/// <summary>Rows and outcome sums by arm down to some depth: n1, n0, y1, y0.</summary>
internal struct Tally
{
    public long TreatedRows;
    public long ControlRows;
    public double TreatedSum;
    public double ControlSum;

    public readonly long Rows => TreatedRows + ControlRows;

    /// <summary>Difference of arm means; NaN when an arm is empty.</summary>
    public readonly double Difference => TreatedRows == 0 || ControlRows == 0 ? double.NaN : TreatedSum / TreatedRows - ControlSum / ControlRows;

    public void Add(bool treated, double outcome, long times)
    {
        if (treated)
        {
            TreatedRows += times;
            TreatedSum += outcome * times;
        }
        else
        {
            ControlRows += times;
            ControlSum += outcome * times;
        }
    }
}
