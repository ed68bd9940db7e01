namespace CampaignManager.Application.Data;

/// <summary>Section <c>Security</c>.</summary>
public sealed record SecurityOptions
{
    /// <summary>The file with the key that secrets are encrypted with; <c>master.key</c> beside the database when left out.</summary>
    public string? MasterKeyPath { get; init; }
}
