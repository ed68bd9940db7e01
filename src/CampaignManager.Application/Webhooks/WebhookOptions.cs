using System.ComponentModel.DataAnnotations;

namespace CampaignManager.Application.Webhooks;

/// <summary>Section <c>Webhooks</c>.</summary>
public sealed record WebhookOptions
{
    /// <summary>
    /// Whether messages may go to loopback and private addresses. Off, because an admin's web form would otherwise reach whatever stands in the same network; a shop on the
    /// same machine or network switches it on.
    /// </summary>
    public bool AllowPrivateAddresses { get; init; }

    /// <summary>How long an address may take to answer.</summary>
    [Range(1, 60, ErrorMessage = "Webhooks:TimeoutSeconds must be 1 to 60.")]
    public int TimeoutSeconds { get; init; } = 10;
}
