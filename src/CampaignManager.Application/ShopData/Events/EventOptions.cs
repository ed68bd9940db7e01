using System.ComponentModel.DataAnnotations;

namespace CampaignManager.Application.ShopData.Events;

/// <summary>The buffer of events that arrive by API. Section <c>Events</c>.</summary>
public sealed record EventOptions
{
    /// <summary>The buffer's SQLite file; nothing takes <c>events-buffer.db</c> beside the database. PostgreSQL has a table instead.</summary>
    public string? BufferPath { get; init; }

    /// <summary>Events that may wait for the disk at once; what comes beyond is sent away with 503.</summary>
    [Range(1, 10_000_000, ErrorMessage = "Events:MaxWaiting must be 1 to 10000000 events.")]
    public int MaxWaiting { get; init; } = 200_000;

    /// <summary>How old the oldest event of the buffer may become before it is put into the lake.</summary>
    [Range(1, 86_400, ErrorMessage = "Events:CompactAfterSeconds must be 1 to 86400.")]
    public int CompactAfterSeconds { get; init; } = 300;

    /// <summary>How many events the buffer may hold before they are put into the lake.</summary>
    [Range(1, 10_000_000, ErrorMessage = "Events:CompactAfterRows must be 1 to 10000000.")]
    public int CompactAfterRows { get; init; } = 200_000;

    /// <summary>For so long the same eventId is answered as a duplicate at once; the lake knows it for ever.</summary>
    [Range(1, 720, ErrorMessage = "Events:RememberIdsHours must be 1 to 720.")]
    public int RememberIdsHours { get; init; } = 48;
}
