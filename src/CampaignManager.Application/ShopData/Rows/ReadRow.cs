namespace CampaignManager.Application.ShopData.Rows;

/// <summary>
/// What a file says, read: one of <see cref="OrderRow"/>, <see cref="EventRow"/>, <see cref="CustomerRow"/>, <see cref="ProductRow"/>, <see cref="CampaignRow"/> and
/// <see cref="ExposureRow"/>.
/// </summary>
/// <param name="Row">0-based data row of its file.</param>
public abstract record ReadRow(long Row)
{
    /// <summary>Which of the files that came together, 0-based.</summary>
    public int File { get; init; }
}
