using System.Globalization;
using CampaignManager.Application;

namespace CampaignManager.Web.Hosting;

/// <summary>From what a service answered to what the API answers.</summary>
public static class ApiResults
{
    /// <summary>200 with the value, or the problem.</summary>
    public static IResult ToOk<T>(this Outcome<T> outcome) => outcome.Succeeded ? TypedResults.Ok(outcome.Value) : outcome.Failure.ToProblem();

    /// <summary>200 with what the API shows of the value, or the problem.</summary>
    public static IResult ToOk<T, TShown>(this Outcome<T> outcome, Func<T, TShown> show) =>
        outcome.Succeeded ? TypedResults.Ok(show(outcome.Value)) : outcome.Failure.ToProblem();

    /// <summary>201 with the value and its address, or the problem.</summary>
    public static IResult ToCreated<T, TShown>(this Outcome<T> outcome, Func<T, string> location, Func<T, TShown> show) =>
        outcome.Succeeded ? TypedResults.Created(location(outcome.Value), show(outcome.Value)) : outcome.Failure.ToProblem();

    /// <summary>202 with the value and where to look for what becomes of it, or the problem.</summary>
    public static IResult ToAccepted<T, TShown>(this Outcome<T> outcome, Func<T, string> location, Func<T, TShown> show) =>
        outcome.Succeeded ? TypedResults.Accepted(location(outcome.Value), show(outcome.Value)) : outcome.Failure.ToProblem();

    /// <summary>204, or the problem.</summary>
    public static IResult ToNoContent(this Outcome outcome) => outcome.Succeeded ? TypedResults.NoContent() : outcome.Failure.ToProblem();

    /// <summary>A part of the address as it was meant: routing leaves an encoded slash as it is.</summary>
    public static string Unescaped(this string part) => part.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>The resource's version as its ETag.</summary>
    public static void SetVersion(this HttpContext http, int version) =>
        http.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>
    /// The version that <c>If-Match</c> names; null when there is no such header or it says <c>*</c>. Hand it to the service, which compares and writes in
    /// one step and answers <see cref="FailureKind.Stale"/> (412) when another was faster.
    /// </summary>
    public static Outcome<int?> IfMatch(this HttpContext http)
    {
        var header = http.Request.Headers.IfMatch.ToString().Trim();
        if (header is "" or "*")
            return (int?)null;
        // Proxies that compress make a tag weak; the version in it is still the version.
        var tag = header.StartsWith("W/", StringComparison.Ordinal) ? header[2..] : header;
        return int.TryParse(tag.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? (int?)version
            : new Failure(FailureKind.Stale, "stale", "If-Match does not name a version of this resource. Read it again and use its ETag.");
    }
}

/// <summary>How every list is asked for: <c>?page=&amp;pageSize=&amp;sort=&amp;q=</c>. Take it as <c>[AsParameters] ListQuery</c>.</summary>
public sealed record ListQuery(int? Page, int? PageSize, string? Sort, string? Q)
{
    public PageRequest ToRequest() => new(Math.Max(1, Page ?? 1), Math.Clamp(PageSize ?? 20, 1, PageRequest.MaxPageSize), Sort, Q);
}
