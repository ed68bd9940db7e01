namespace CampaignManager.Application;

/// <summary>One page of a list: 1-based page, bounded size, a sort key from the list's whitelist (a leading '-' means descending), a search text.</summary>
public sealed record PageRequest(int Page = 1, int PageSize = 20, string? Sort = null, string? Query = null)
{
    public const int MaxPageSize = 200;

    public int Skip => (Math.Max(1, Page) - 1) * Take;

    public int Take => Math.Clamp(PageSize, 1, MaxPageSize);

    public string? SortKey => Sort?.TrimStart('-');

    public bool Descending => Sort is ['-', ..];
}

/// <summary>The rows of one page and how many there are in all.</summary>
public sealed record Paged<T>(IReadOnlyList<T> Items, int Total);
